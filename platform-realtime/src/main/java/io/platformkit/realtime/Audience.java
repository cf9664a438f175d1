package io.platformkit.realtime;

import io.platformkit.core.Bounds;

/** Whom a message that is not kept goes to, on all nodes: whoever is there now. */
public sealed interface Audience {
  /** What the topics of rooms begin with. */
  String ROOMS = "room/";

  /** Whoever receives a topic. */
  record Topic(String name) implements Audience {
    /** Checks. */
    public Topic {
      Bounds.requireName("topic", name);
    }
  }

  /** All sessions of a principal. */
  record User(String id) implements Audience {
    /** Checks. */
    public User {
      Bounds.requireName("user", id);
    }
  }

  /** All sessions. */
  record Everyone() implements Audience {}

  /** Whoever receives a topic. */
  static Audience topic(String name) {
    return new Topic(name);
  }

  /** Whoever is in a room. */
  static Audience room(String name) {
    return new Topic(ROOMS + name);
  }

  /** All sessions of a principal. */
  static Audience user(String id) {
    return new User(id);
  }

  /** All sessions. */
  static Audience everyone() {
    return new Everyone();
  }
}
