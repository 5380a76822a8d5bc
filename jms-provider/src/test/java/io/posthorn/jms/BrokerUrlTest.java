package io.posthorn.jms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerUrlTest {

    @Test
    void readsServersPortsAndOptions() {
        BrokerUrl url = BrokerUrl.parse("posthorn://a:1,b , [::1]:3/?user=me&password=p%26%3D%20q&clientId=");
        assertEquals(List.of("a:1", "b:9876", "[::1]:3"), url.servers());
        assertEquals(Map.of("user", "me", "password", "p&= q", "clientId", ""), url.options());
        assertEquals(url, BrokerUrl.parse(url.format()));
    }

    @Test
    void addressesAreNotResolved() {
        List<InetSocketAddress> addresses = BrokerUrl.addresses(List.of("nowhere.invalid:7", "[::1]:8"));
        assertTrue(addresses.get(0).isUnresolved());
        assertEquals("nowhere.invalid", addresses.get(0).getHostString());
        assertEquals("::1", addresses.get(1).getHostString());
        assertEquals(8, addresses.get(1).getPort());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp://a:1",
                "posthorn://",
                "posthorn://a:1,,b:2",
                "posthorn://a:0",
                "posthorn://a:65536",
                "posthorn://a:x",
                "posthorn://:9876",
                "posthorn://[::1:9876",
                "posthorn://me@a:1",
                "posthorn://a?=x",
                "posthorn://a?secret",
                "posthorn://a?user=1&user=2"
            })
    void refusesWhatIsMalformed(String text) {
        assertThrows(IllegalArgumentException.class, () -> BrokerUrl.parse(text));
    }

    @Test
    void aRefusalShowsNoOptions() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> BrokerUrl.parse("posthorn://a:x?password=hush"));
        assertFalse(refused.getMessage().contains("hush"), refused.getMessage());
        IllegalArgumentException malformed =
                assertThrows(IllegalArgumentException.class, () -> BrokerUrl.parse("posthorn://a:1?password=hush%zz"));
        assertFalse(malformed.toString().contains("zz"), malformed.getMessage());
        assertNull(malformed.getCause());
        assertEquals(
                "posthorn://a:1",
                BrokerUrl.parse("posthorn://a:1?password=hush").toString());
    }

    @Test
    void aPlusIsItself() {
        BrokerUrl url = BrokerUrl.parse("posthorn://a:1?password=a+b%2Bc%20d");
        assertEquals("a+b+c d", url.options().get("password"));
        assertEquals(url, BrokerUrl.parse(url.format()));
    }
}
