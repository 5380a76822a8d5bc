/** The NameServer: a memory-only table of routes, fed by brokers and read by clients. */
package io.posthorn.server.nameserver;
