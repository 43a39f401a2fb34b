namespace Millrace.Kernel.Extensibility;

/// <summary>What a step decided for one run.</summary>
/// <param name="Kind">What the engine does next.</param>
/// <param name="Until">For <see cref="StepOutcomeKind.Wait"/>: when to look again; null waits for events only.</param>
/// <param name="Target">Branch name or step key.</param>
/// <param name="Result">A short stable word for the trace, for example <c>skipped_unsubscribed</c>; null is the ordinary result.</param>
/// <param name="Detail">A sentence that explains it on the contact's path; of a branch its cause.</param>
public readonly record struct StepOutcome(StepOutcomeKind Kind, DateTimeOffset? Until = null, string? Target = null, string? Result = null, string? Detail = null)
{
    /// <summary>On to the next step.</summary>
    public static StepOutcome Continue => default;

    /// <summary>The run stays; at the time (or on an event the step's conditions read) the step is executed again.</summary>
    public static StepOutcome WaitUntil(DateTimeOffset? time) => new(StepOutcomeKind.Wait, time);

    /// <param name="cause">Why this one, for the trace: a JSON object with a <c>code</c> and its values. Null where the step's conditions tell it.</param>
    public static StepOutcome Branch(string name, string? cause = null) => new(StepOutcomeKind.Branch, Target: name, Detail: cause);

    public static StepOutcome Goto(string stepKey) => new(StepOutcomeKind.Goto, Target: stepKey);

    /// <summary>The run ends here.</summary>
    public static StepOutcome End => new(StepOutcomeKind.End);

    /// <summary>
    /// Every entry of the contact into another automation ends, and this run goes on; without an automation all entries of the contact end, this run's too.
    /// Where there is none to end, the run goes on all the same.
    /// </summary>
    /// <param name="automationId">Null: all automations.</param>
    /// <param name="reason">Of the activity that tells it; null: none is told, for a contact that is no more.</param>
    public static StepOutcome EndEntries(long? automationId, string? reason) =>
        new(StepOutcomeKind.EndEntries, Target: automationId?.ToString(System.Globalization.CultureInfo.InvariantCulture), Result: reason);

    /// <summary>The step cannot do its work for this run (tried again with backoff, then parked).</summary>
    public static StepOutcome Fail(string code, string text) => new(StepOutcomeKind.Fail, Result: code, Detail: text);

    /// <summary>On to the next step without the effect, and the trace says why.</summary>
    public static StepOutcome Skip(string code, string text) => new(StepOutcomeKind.Continue, Result: code, Detail: text);
}

public enum StepOutcomeKind
{
    Continue,
    Wait,
    Branch,
    Goto,
    End,
    Fail,
    EndEntries,
}
