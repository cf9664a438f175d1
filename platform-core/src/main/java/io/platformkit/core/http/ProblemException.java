package io.platformkit.core.http;

/** Thrown by an endpoint to answer with a problem document. Nothing is logged. */
public class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // problems travel as documents, never as Java objects
  private final Problem problem;

  /** The message is the problem's detail, or its title. */
  public ProblemException(Problem problem) {
    super(problem.detail().orElse(problem.title()));
    this.problem = problem;
  }

  /** As {@link #ProblemException(Problem)}, keeping what led to it; callers never see the cause. */
  public ProblemException(Problem problem, Throwable cause) {
    super(problem.detail().orElse(problem.title()), cause);
    this.problem = problem;
  }

  /** What the caller is told. */
  public Problem problem() {
    return problem;
  }
}
