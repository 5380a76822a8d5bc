package planted.samples;

import io.posthorn.jms.PosthornConnectionFactory;

/** What a sample must not do: name a class of the provider. */
final class SeesTheProvider {
    Object factory() {
        return new PosthornConnectionFactory();
    }
}
