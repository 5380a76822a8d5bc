/** Our parts together with the unmodified ones of Apache RocketMQ. */
package io.posthorn.rocketmq;
