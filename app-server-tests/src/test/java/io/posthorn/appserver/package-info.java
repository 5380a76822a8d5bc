/** The scenarios, the same for every application server, and the processes they run against. */
package io.posthorn.appserver;
