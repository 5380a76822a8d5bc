/** JNDI for the administered objects: an initial context that reads jndi.properties, and the factory that restores bound objects. */
package io.posthorn.jms.naming;
