/** An application that needs no configuration of the server: annotations define its connection factory and its queue. */
package io.posthorn.appserver.defined;
