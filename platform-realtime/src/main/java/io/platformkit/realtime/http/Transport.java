package io.platformkit.realtime.http;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** How sockets are waited for. */
public enum Transport {
  /**
   * Linux's own, with fewer system calls: needs {@code netty-transport-classes-epoll}, and {@code
   * netty-transport-native-epoll} with the platform's classifier.
   */
  EPOLL {
    @Override
    public boolean isAvailable() {
      try {
        return Epoll.isAvailable();
      } catch (NoClassDefFoundError notOnTheClassPath) {
        return false;
      }
    }

    @Override
    IoHandlerFactory handlers() {
      return EpollIoHandler.newFactory();
    }

    @Override
    Class<? extends ServerChannel> serverChannel() {
      return EpollServerSocketChannel.class;
    }
  },

  /** The JDK's, everywhere. */
  NIO {
    @Override
    public boolean isAvailable() {
      return true;
    }

    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    Class<? extends ServerChannel> serverChannel() {
      return NioServerSocketChannel.class;
    }
  };

  /** Whether classes, library and system are there. */
  public abstract boolean isAvailable();

  abstract IoHandlerFactory handlers();

  abstract Class<? extends ServerChannel> serverChannel();

  /** The first that is available. */
  public static Transport best() {
    return EPOLL.isAvailable() ? EPOLL : NIO;
  }
}
