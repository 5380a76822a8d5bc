/** Inbound delivery: message endpoints (message-driven beans) of an application server get the messages of a destination (Jakarta Connectors 2.1, chapter 13). */
package io.posthorn.ra.inbound;
