/** JMS clients that work through faults and write down what they see. */
package io.posthorn.cluster.load;
