/** What both ends of a SCRAM-SHA-256 login compute: prepared text, keys, proofs and signatures. */
package io.posthorn.scram;
