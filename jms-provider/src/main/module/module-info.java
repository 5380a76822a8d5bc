/**
 * The Jakarta Messaging client of Posthorn: {@code PosthornConnectionFactory} and its JNDI context. Added to the jar when it is
 * packaged; the build itself works on the class path.
 */
module io.posthorn.jms {
    requires transitive jakarta.messaging;
    requires transitive java.naming;
    // Types of XA are part of jakarta.messaging, whose own descriptor leaves the module out at run time.
    requires transitive java.transaction.xa;
    requires org.slf4j;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;

    exports io.posthorn.jms;
    exports io.posthorn.jms.destination;
    exports io.posthorn.jms.message;
    exports io.posthorn.jms.naming;

    provides javax.naming.spi.InitialContextFactory with
            io.posthorn.jms.naming.PosthornInitialContextFactory;
}
