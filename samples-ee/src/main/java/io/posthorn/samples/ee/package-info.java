/** A shop in an application server: a page takes orders, a message-driven bean works them off. It sees Jakarta EE only. */
package io.posthorn.samples.ee;
