/** What a decision costs, measured with JMH: {@code mvnw -Pbench -pl simulator -am test}. */
package dev.lamella.simulator.bench;
