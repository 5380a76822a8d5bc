package io.posthorn.ra.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.jms.destination.PosthornQueue;
import io.posthorn.jms.destination.PosthornTopic;
import io.posthorn.ra.PosthornManagedConnectionFactory;
import io.posthorn.ra.PosthornResourceAdapter;
import io.posthorn.ra.settings.ClientUrl;
import jakarta.jms.Session;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What activations come to, and which are refused. */
class PosthornActivationSpecTest {

    private final PosthornActivationSpec spec = new PosthornActivationSpec();
    private final PosthornResourceAdapter adapter = new PosthornResourceAdapter();

    @BeforeEach
    void queue() {
        adapter.setConnectionUrl("posthorn://default:1");
        adapter.setUser("anna");
        adapter.setPassword("secret");
        spec.setDestination("orders");
        spec.setDestinationType("jakarta.jms.Queue");
    }

    @AfterEach
    void unbind() {
        TestNames.BOUND.clear();
    }

    private void topic() {
        spec.setDestinationType("jakarta.jms.Topic");
    }

    private ActivationSettings settings() throws ResourceException {
        return ActivationSettings.of(spec, adapter, "app/bean");
    }

    private void checkRefused(String property, String... words) {
        InvalidPropertyException refused = assertThrows(InvalidPropertyException.class, this::settings);
        assertEquals(property, refused.getInvalidPropertyDescriptors()[0].getName());
        assertTrue(refused.getMessage().contains("property " + property + " "), refused.getMessage());
        for (String word : words) {
            assertTrue(refused.getMessage().contains(word), refused.getMessage());
        }
    }

    @Test
    void aQueueNeedsItsNameAndTypeOnly() throws Exception {
        ActivationSettings settings = settings();
        assertEquals(
                new Subscription(Subscription.Kind.QUEUE, new PosthornQueue("orders"), null, null),
                settings.subscription());
        assertEquals(10, settings.sessionsMax());
        assertEquals(Session.AUTO_ACKNOWLEDGE, settings.acknowledgeMode());
        assertEquals(new ClientUrl("posthorn://default:1?windowSize=10", "anna", "secret"), settings.connection());
    }

    @Test
    void aTopicHasOneSessionUnlessItIsShared() throws Exception {
        topic();
        assertEquals(1, settings().sessionsMax());
        assertEquals(Subscription.Kind.UNSHARED, settings().subscription().kind());
        spec.setShareSubscriptions("TRUE");
        assertEquals(10, settings().sessionsMax());
        assertEquals(Subscription.Kind.SHARED, settings().subscription().kind());
    }

    @Test
    void aDurableSubscriptionIsUnsharedWithAClientIdOnly() throws Exception {
        topic();
        spec.setSubscriptionDurability("durable");
        assertEquals(Subscription.Kind.SHARED_DURABLE, settings().subscription().kind());
        assertEquals("app/bean", settings().subscription().name());
        spec.setClientId("me");
        spec.setSubscriptionName("mine");
        assertEquals(Subscription.Kind.DURABLE, settings().subscription().kind());
        assertEquals("mine", settings().subscription().name());
        spec.setMaxConcurrency("2");
        assertEquals(Subscription.Kind.SHARED_DURABLE, settings().subscription().kind());
    }

    @Test
    void aDurableSubscriptionWithoutAnyNameIsRefused() {
        topic();
        spec.setSubscriptionDurability("Durable");
        assertThrows(InvalidPropertyException.class, () -> ActivationSettings.of(spec, adapter, null));
    }

    @Test
    void illegalValuesAreRefusedByName() {
        spec.setDestination(null);
        checkRefused("destination", "missing");
        spec.setDestination("orders");
        spec.setDestinationType("jakarta.jms.Destination");
        checkRefused("destinationType", "jakarta.jms.Topic");
        spec.setDestinationType(null);
        checkRefused("destinationType", "missing");
        topic();
        spec.setSubscriptionDurability("sometimes");
        checkRefused("subscriptionDurability", "NonDurable", "sometimes");
        spec.setSubscriptionDurability("");
        spec.setAcknowledgeMode("Client-acknowledge");
        checkRefused("acknowledgeMode", "Dups-ok-acknowledge");
        spec.setAcknowledgeMode(null);
        spec.setShareSubscriptions("maybe");
        checkRefused("shareSubscriptions");
        spec.setShareSubscriptions("false");
        spec.setMaxSessions("2");
        checkRefused("maxSessions", "not shared");
        spec.setMaxSessions("none");
        checkRefused("maxSessions", "1000");
        spec.setMaxSessions("1");
        spec.setWindowSize("0");
        checkOption("windowSize", "0");
        spec.setWindowSize("1");
        spec.setMaxDeliveries("-1");
        checkRefused("maxDeliveries", "0");
        spec.setMaxDeliveries(null);
        spec.setDeadLetterDestination("dead");
        checkRefused("maxDeliveries", "missing");
        spec.setDeadLetterDestination(null);
        spec.setRedeliveryDelayMs("1 s");
        checkRefused("redeliveryDelayMs", "1 s");
        spec.setRedeliveryDelayMs("1000");
        spec.setMaxRedeliveryDelayMs("999");
        checkRefused("maxRedeliveryDelayMs", "redeliveryDelayMs");
        spec.setMaxRedeliveryDelayMs(null);
        spec.setBackoffMultiplier("0.5");
        checkRefused("backoffMultiplier", "0.5");
        spec.setBackoffMultiplier(null);
        spec.setMessageSelector("price >");
        checkRefused("messageSelector");
        spec.setMessageSelector(" ");
        spec.setConnectionUrl("posthorn://host?colour=blue");
        checkOption("connectionUrl", "colour");
    }

    private void checkOption(String property, String word) {
        InvalidPropertyException refused = assertThrows(InvalidPropertyException.class, this::settings);
        assertTrue(refused.getMessage().contains("property " + property + ":"), refused.getMessage());
        assertTrue(refused.getMessage().contains(word), refused.getMessage());
    }

    @Test
    void anUnsharedDurableSubscriptionNeedsAClientId() {
        topic();
        spec.setSubscriptionDurability("Durable");
        spec.setShareSubscriptions("false");
        checkRefused("clientId");
    }

    @Test
    void lookupsLeadToDestinations() throws Exception {
        spec.setDestinationLookup("java:/jms/orders");
        checkRefused("destinationLookup", "java:/jms/orders");
        TestNames.BOUND.put("java:/jms/orders", "not a destination");
        checkRefused("destinationLookup", "java.lang.String");
        TestNames.BOUND.put("java:/jms/orders", new PosthornTopic("news"));
        checkRefused("destinationType", "java:/jms/orders");
        spec.setDestinationType(null);
        assertEquals(new PosthornTopic("news"), settings().subscription().destination());
        spec.setShareSubscriptions("false");
        spec.setMaxSessions("2");
        checkRefused("maxSessions", "not shared");
    }

    @Test
    void aDestinationMayNameAConfiguredObject() throws Exception {
        TestNames.BOUND.put("orders", new PosthornQueue("physical"));
        assertEquals(new PosthornQueue("physical"), settings().subscription().destination());
        TestNames.BOUND.put("orders", "something else of that name");
        assertEquals(new PosthornQueue("orders"), settings().subscription().destination());
        spec.setDestination("java:/jms/unknown");
        checkRefused("destination", "java:/jms/unknown");
    }

    @Test
    void delaysGrowUpToTheirLimit() {
        RedeliveryPolicy policy = new RedeliveryPolicy(5, 100, 3, 1_000, null);
        assertEquals(0, policy.delayBeforeMs(1));
        assertEquals(100, policy.delayBeforeMs(2));
        assertEquals(300, policy.delayBeforeMs(3));
        assertEquals(900, policy.delayBeforeMs(4));
        assertEquals(1_000, policy.delayBeforeMs(5));
        assertEquals(1_000, policy.delayBeforeMs(Integer.MAX_VALUE));
        assertFalse(policy.isExhausted(5));
        assertTrue(policy.isExhausted(6));
    }

    @Test
    void connectionFactoriesAreLookedUp() throws Exception {
        spec.setConnectionFactoryLookup("jms/cf");
        checkRefused("connectionFactoryLookup", "jms/cf");
        TestNames.BOUND.put("jms/cf", "not a factory");
        checkRefused("connectionFactoryLookup", "java.lang.String");
        TestNames.BOUND.put("jms/cf", new PosthornConnectionFactory("posthorn://other:2?user=carl&password=geheim"));
        assertEquals(
                new ClientUrl("posthorn://other:2?windowSize=10", "carl", "geheim"),
                settings().connection());
        TestNames.BOUND.put("jms/cf", new PosthornXAConnectionFactory("posthorn://xa:3?windowSize=5"));
        assertEquals(
                new ClientUrl("posthorn://xa:3?windowSize=5", null, null),
                settings().connection());
        ClientUrl told = new ClientUrl("posthorn://told:4?windowSize=7", "dora", "x");
        TestNames.BOUND.put("jms/cf", (ConnectionSource) () -> told);
        assertEquals(told, settings().connection());
        spec.setUserName("emil");
        spec.setPassword("y");
        spec.setConnectionUrl("posthorn://own:5");
        spec.setClientId("me");
        assertEquals(
                new ClientUrl("posthorn://own:5?clientId=me&windowSize=10", "emil", "y"),
                settings().connection());
    }

    @Test
    void theFactoriesOfTheAdapterAreKnown() throws Exception {
        PosthornManagedConnectionFactory factory = new PosthornManagedConnectionFactory();
        factory.setResourceAdapter(adapter);
        factory.setUser("fritz");
        factory.setPassword("z");
        TestNames.BOUND.put("jms/cf", factory.createConnectionFactory());
        spec.setConnectionFactoryLookup("jms/cf");
        assertEquals(
                new ClientUrl("posthorn://default:1?windowSize=10", "fritz", "z"),
                settings().connection());
    }
}
