/** Delivery to message endpoints (Jakarta Connectors 2.1, chapter 13). */
package io.posthorn.ra.inbound;
