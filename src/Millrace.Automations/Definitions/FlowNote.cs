using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

/// <summary>A note stuck on the canvas: free text, no step.</summary>
internal sealed record FlowNote
{
    public required string Id { get; init; }

    [MaxCharacters(2_000)]
    public required string Text { get; init; }

    /// <summary>The step beside which it hangs; null: beside the triggers.</summary>
    public string? Step { get; init; }

    /// <summary>Who wrote it, as a name to read.</summary>
    [MaxCharacters(200)]
    public string? Author { get; init; }
}
