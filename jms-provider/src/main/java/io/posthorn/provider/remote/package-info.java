/**
 * The provider port over a cluster: NameServers for the way to a broker, one logged-in link to it, and everything it takes
 * to carry a JMS connection over the loss of that link.
 *
 * <p>Three layers. {@code NameServerLink} and {@code BrokerLink} are one connection each and know nothing of reconnects. The
 * flows ({@code RemoteProducer}, {@code SettlementFlow}, {@code RequestFlow}) keep what was asked and not answered, so that it can be asked
 * again on another link. {@code FailoverProvider} is the port itself, and {@code Mending} leads from a lost link to a new one.
 */
package io.posthorn.provider.remote;
