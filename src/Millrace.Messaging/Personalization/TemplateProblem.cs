namespace Millrace.Messaging.Personalization;

/// <summary>A place in a template that needs attention. Line and column count from 1.</summary>
internal sealed record TemplateProblem(string Code, int Line, int Column, string Message);

/// <summary>The template cannot be used: answers 422 with the problem's code (<c>template_invalid</c>, <c>link_invalid</c>, ...).</summary>
internal sealed class TemplateInvalidException(TemplateProblem problem)
    : Exception($"{problem.Code} at {problem.Line}:{problem.Column}: {problem.Message}")
{
    public TemplateProblem Problem { get; } = problem;
}
