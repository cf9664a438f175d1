package io.platformkit.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.platformkit.core.browser.Browser;
import io.platformkit.core.redis.RedisServerProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;

/** Two people in their browsers. */
@Timeout(120)
class ChatIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private <C extends AutoCloseable> C closing(C one) {
    opened.add(one);
    return one;
  }

  private WebDriver enter(URI url, String name) {
    assumeTrue(
        Browser.isInstalled(),
        "Chromium and chromedriver are not installed; on Debian: apt install chromium chromium-driver");
    WebDriver page = closing(Browser.open()).driver();
    page.get(url.toString());
    page.findElement(By.id("name")).sendKeys(name);
    page.findElement(By.cssSelector("#enter button")).click();
    await().atMost(PATIENCE).until(() -> state(page).startsWith("streaming"));
    return page;
  }

  private static String state(WebDriver page) {
    return page.findElement(By.id("state")).getText();
  }

  private static void say(WebDriver page, String text) {
    WebElement field = page.findElement(By.id("text"));
    field.sendKeys(text);
    field.submit();
  }

  private static List<String> lines(WebDriver page) {
    return page.findElements(By.cssSelector("#lines li")).stream()
        .map(WebElement::getText)
        .toList();
  }

  private static void awaitLine(WebDriver page, String line) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(lines(page)).anyMatch(each -> each.contains(line)));
  }

  @Test
  void whatOneSaysAllReadAndNewcomersToo() throws Exception {
    talk(closing(ChatServer.start("--port", "0")));
  }

  @Test
  void twoNodesOnOneRedisAreOneChat() throws Exception {
    RedisServerProcess redis = closing(RedisServerProcess.start());
    talk(closing(ChatServer.start("--port", "0", "--redis", redis.uri())));
  }

  private void talk(ChatServer chat) throws Exception {
    URI first = chat.urls().getFirst();
    URI last = chat.urls().getLast();
    WebDriver ann = enter(first, "ann");
    say(ann, "is anybody here?");
    awaitLine(ann, "is anybody here?");

    WebDriver ben = enter(last, "ben");
    awaitLine(ben, "is anybody here?");
    awaitLine(ann, "ben is here");
    ben.findElement(By.id("text")).sendKeys("I am");
    await()
        .atMost(PATIENCE)
        .until(() -> ann.findElement(By.id("typing")).getText().startsWith("ben"));
    await().atMost(PATIENCE).until(() -> ann.findElement(By.id("typing")).getText().isEmpty());
    say(ben, "!");
    awaitLine(ann, "I am!");
    awaitLine(ben, "I am!");

    opened.removeLast().close(); // ben's browser
    awaitLine(ann, "ben is offline");
  }
}
