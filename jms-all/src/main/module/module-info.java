/**
 * The same client with Netty inside. It has the same name, so that programs can exchange one jar for the other, and never need
 * both.
 */
module io.posthorn.jms {
    requires transitive jakarta.messaging;
    requires transitive java.naming;
    // Types of XA are part of jakarta.messaging, whose own descriptor leaves the module out at run time.
    requires transitive java.transaction.xa;
    requires org.slf4j;
    // From here on for Netty.
    requires java.logging;
    requires jdk.unsupported;
    requires static jdk.jfr;

    exports io.posthorn.jms;
    exports io.posthorn.jms.destination;
    exports io.posthorn.jms.message;
    exports io.posthorn.jms.naming;

    provides javax.naming.spi.InitialContextFactory with
            io.posthorn.jms.naming.PosthornInitialContextFactory;

    uses io.posthorn.shaded.io.netty.bootstrap.ChannelInitializerExtension;
}
