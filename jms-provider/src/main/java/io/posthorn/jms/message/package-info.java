/** The six message types of Jakarta Messaging over the wire-neutral message, and copies of other providers' messages. */
package io.posthorn.jms.message;
