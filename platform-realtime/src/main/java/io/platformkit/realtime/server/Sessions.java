package io.platformkit.realtime.server;

import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.Audience;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions of this node, and whom they are of and what they receive. For concurrent use. */
final class Sessions {
  private final SessionIds ids = new SessionIds();
  private final Map<String, ClientSession> byId = new ConcurrentHashMap<>();
  private final SessionIndex byUser = new SessionIndex();
  private final SessionIndex byTopic = new SessionIndex();

  /** This node's name in the ids of its sessions. */
  String node() {
    return ids.node();
  }

  String newId() {
    return ids.next();
  }

  void add(ClientSession session) {
    byId.put(session.id(), session);
  }

  /** It is known whose it is. */
  void identified(ClientSession session) {
    session.principal().ifPresent(who -> byUser.add(who.id(), session));
  }

  void remove(ClientSession session) {
    byId.remove(session.id());
    session.principal().ifPresent(who -> byUser.remove(who.id(), session));
  }

  void subscribed(ClientSession session, String topic) {
    byTopic.add(topic, session);
  }

  void unsubscribed(ClientSession session, String topic) {
    byTopic.remove(topic, session);
  }

  /** Hands on a command that came by POST. */
  Receipt receive(String id, Optional<String> caller, byte[] command) {
    ClientSession session = byId.get(id);
    if (session == null) {
      return Receipt.GONE;
    }
    if (!session.principal().map(Principal::id).equals(caller)) {
      return Receipt.ANOTHERS;
    }
    session.inbox().receive(command);
    return Receipt.TAKEN;
  }

  Collection<ClientSession> all() {
    return byId.values();
  }

  /** Those that a message is for. */
  Collection<ClientSession> in(Audience audience) {
    return switch (audience) {
      case Audience.Topic topic -> byTopic.find(topic.name());
      case Audience.User user -> byUser.find(user.id());
      case Audience.Everyone everyone -> all().stream().filter(ClientSession::isAdmitted).toList();
    };
  }

  /** The principals who are here. */
  Set<String> users() {
    return byUser.names();
  }

  /** The rooms in which somebody is. */
  long rooms() {
    return byTopic.names().stream().filter(topic -> topic.startsWith(Audience.ROOMS)).count();
  }

  int count() {
    return byId.size();
  }

  /** That wait for all clients. */
  long pendingBytes() {
    return byId.values().stream().mapToLong(ClientSession::pendingBytes).sum();
  }
}
