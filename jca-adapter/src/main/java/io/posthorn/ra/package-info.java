/** The resource adapter: Jakarta Connectors 2.1 around the JMS client, so that application servers pool, enlist and watch its connections. */
package io.posthorn.ra;
