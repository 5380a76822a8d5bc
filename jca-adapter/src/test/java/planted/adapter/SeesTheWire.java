package planted.adapter;

import io.posthorn.provider.Login;

/** What the adapter must not do: reach below the JMS classes. */
final class SeesTheWire {
    Object login() {
        return new Login("user", "password", null);
    }
}
