package io.posthorn.jms;

/** Which of the three API families an object was created through; decides which calls are refused (Jakarta Messaging 3.1, 9.2). */
enum Domain {
    ANY,
    QUEUE,
    TOPIC
}
