/** JMH benchmarks of the server's parts: what they cost by themselves, without sockets and clients. */
package io.posthorn.benchmarks;
