package io.posthorn.ra;

import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnectionMetaData;

/** What a managed connection says of its broker and user. */
final class AdapterMetaData implements ManagedConnectionMetaData {

    private final ConnectionLink link;
    private final String user;

    AdapterMetaData(ConnectionLink link, String user) {
        this.link = link;
        this.user = user;
    }

    @Override
    public String getEISProductName() throws ResourceException {
        try {
            return link.connection().getMetaData().getJMSProviderName();
        } catch (JMSException | JMSRuntimeException closed) {
            throw new ResourceException(closed.getMessage(), closed);
        }
    }

    @Override
    public String getEISProductVersion() throws ResourceException {
        try {
            return link.connection().getMetaData().getProviderVersion();
        } catch (JMSException | JMSRuntimeException closed) {
            throw new ResourceException(closed.getMessage(), closed);
        }
    }

    /** 0: no limit that the client knows of. */
    @Override
    public int getMaxConnections() {
        return 0;
    }

    /** Null for the user of the URL or the broker's default user. */
    @Override
    public String getUserName() {
        return user;
    }
}
