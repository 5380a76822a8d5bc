/** An order pipeline and a first example: programs that use Posthorn as any JMS program would, through JNDI. */
package io.posthorn.samples;
