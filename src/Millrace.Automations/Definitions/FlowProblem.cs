using Millrace.Kernel.Errors;

namespace Millrace.Automations.Definitions;

/// <summary>Something wrong with a document.</summary>
/// <param name="Severity">Errors forbid publishing, warnings do not.</param>
/// <param name="StepId">The step or trigger; null for the document as a whole.</param>
/// <param name="Path">JSON pointer.</param>
/// <param name="Structural">The document cannot even be kept as a draft.</param>
internal sealed record FlowProblem(ProblemSeverity Severity, string? StepId, string Path, string Code, string Message, bool Structural = false)
{
    public FieldError AsError() => new(Path, Code, Message);
}

internal enum ProblemSeverity
{
    Error,
    Warning,
}
