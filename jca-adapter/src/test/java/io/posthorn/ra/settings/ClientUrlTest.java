package io.posthorn.ra.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import org.junit.jupiter.api.Test;

/** Which setting wins. */
class ClientUrlTest {

    private final Settings own = new Settings();
    private final Settings inherited = new Settings();

    private static final class Settings extends ClientSettings {
        private static final long serialVersionUID = 1L;
    }

    private ClientUrl result() {
        return ClientUrl.of(own, inherited);
    }

    private int windowSize() {
        return new PosthornConnectionFactory(result().url()).getWindowSize();
    }

    @Test
    void withoutAnySettingTheDefaultsCount() {
        assertEquals(PosthornConnectionFactory.DEFAULT_URL, result().url());
        assertEquals(
                PosthornConnectionFactory.DEFAULT_URL, ClientUrl.of(own, null).url());
        assertNull(result().user());
    }

    @Test
    void theNearestSettingWins() {
        inherited.setConnectionUrl("posthorn://a:1?windowSize=1");
        assertEquals(1, windowSize());
        inherited.setWindowSize("2");
        assertEquals(2, windowSize());
        own.setConnectionUrl("posthorn://b:1?windowSize=3");
        assertEquals(3, windowSize());
        own.setWindowSize("4");
        assertEquals(4, windowSize());
        own.setWindowSize("");
        assertEquals(3, windowSize());
    }

    @Test
    void anOwnUrlReplacesTheInheritedOneWithItsOptions() {
        inherited.setConnectionUrl("posthorn://a:1?windowSize=1&user=ann");
        inherited.setKeepAliveMs("77");
        own.setConnectionUrl("posthorn://b:1");
        assertEquals("posthorn://b:1?keepAliveMs=77", result().url());
        assertNull(result().user());
    }

    @Test
    void userAndPasswordAreInheritedTogether() {
        inherited.setUserName("ann");
        inherited.setPassword("a&b=c%d+e ü");
        assertEquals("ann", result().user());
        assertEquals("a&b=c%d+e ü", result().password());
        own.setUser("bob");
        assertEquals("bob", result().user());
        assertNull(result().password());
    }

    @Test
    void credentialsComeOutOfTheUrl() {
        own.setConnectionUrl("posthorn://a:1?user=ann&password=a%26b+c&windowSize=9");
        assertEquals(new ClientUrl("posthorn://a:1?windowSize=9", "ann", "a&b+c"), result());
        assertFalse(result().toString().contains("a&b"));
    }

    @Test
    void whatAUrlNeedsEncodedIsEncoded() {
        own.setClientId("a&b=c %");
        assertEquals("a&b=c %", new PosthornConnectionFactory(result().url()).getClientId());
    }

    @Test
    void anOptionCanBeReplaced() {
        own.setConnectionUrl("posthorn://a:1?failoverTimeoutMs=-1&windowSize=9");
        assertEquals(
                "posthorn://a:1?failoverTimeoutMs=5&windowSize=9",
                result().with("failoverTimeoutMs", "5").url());
    }

    @Test
    void illegalValuesAreRefusedByName() {
        own.setIndividualAcknowledge("maybe");
        refused("property individualAcknowledge: ");
        own.setIndividualAcknowledge(null);
        own.setConnectionUrl("http://a");
        refused("property connectionUrl: ");
        own.setConnectionUrl("posthorn://a?colour=blue");
        refused("property connectionUrl: ");
        own.setConnectionUrl("posthorn://a?blue");
        refused("property connectionUrl: ");
        own.setConnectionUrl(null);
        ClientUrl.check(own);
    }

    private void refused(String beginning) {
        String text = assertThrows(IllegalArgumentException.class, () -> ClientUrl.check(own))
                .getMessage();
        assertTrue(text.startsWith(beginning), text);
    }
}
