package standin;

import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Stands for the harness of the official suite. */
public final class Names {

    private Names() {}

    public static <T> T lookup(Class<T> type, String name) throws NamingException {
        return type.cast(new InitialContext().lookup(name));
    }
}
