package io.platformkit.core;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

enum LoggingErrorHandler implements ErrorHandler {
  INSTANCE;

  private static final Logger log = LoggerFactory.getLogger(ErrorHandler.class);

  @Override
  public void handle(String where, Throwable failure) {
    log.error("{} failed", where, failure);
  }
}
