using System.ComponentModel;
using System.Text.Json;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Json;
using EditorAttribute = Millrace.Kernel.Extensibility.EditorAttribute;

namespace Millrace.Automations.Steps;

/// <summary>
/// Spreads contacts over paths: evenly, by shares, as a test that ends with a winner, or all down the first path until something has come to pass.
/// The path a contact has taken is its only one in this split, however often it comes by.
/// </summary>
[AutomationAction("flow.split", Title = "Split", Group = "Flow", Shape = "condition", Icon = "split",
    Branches = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"],
    Description = "Spreads contacts over several paths: evenly, by shares, as a test with a winner, or until something has happened.")]
internal sealed class SplitAction(SplitDecision decision) : AutomationAction<SplitAction.Settings>
{
    public const int MaxPaths = 10;

    internal sealed record Settings
    {
        [Label("How"), Description("A test spreads evenly until a winner is found. Until something happens: all on path A, later all on path B.")]
        public SplitMode Mode { get; init; } = SplitMode.Even;

        [Description("How many paths, 2 to 10."), Says("{} paths"), ShowWhen("mode", "even", "weighted", "test")]
        public int Paths { get; init; } = 2;

        [Description("Share of each path in per cent, from path A on; together 100. For example 50, 30, 20."), Editor("numbers"), Says("{} %"), ShowWhen("mode", "weighted")]
        public int[]? Shares { get; init; }

        [Label("Success"), Description("What counts as a success of a path. Of a test the path with the largest share of successes wins; of equal ones the first."),
         Conditions, ShowWhen("mode", "test", "until")]
        public JsonElement? Conditions { get; init; }

        [Label("It ends"), Description("What ends it: a date, a number of contacts (of an until split: on path A), or a number of successes."), ShowWhen("mode", "test", "until")]
        public SplitEnd? Ends { get; init; }

        [Label("Date"), Description("When it ends."), Says(""), ShowWhen("ends", "date")]
        public DateTimeOffset? EndsOn { get; init; }

        [Label("Number"), Description("How many end it."), Says(""), ShowWhen("ends", "contacts", "successes")]
        public int? EndsAfter { get; init; }

        /// <summary>Paths that are really there.</summary>
        public int Count() => Mode == SplitMode.Until ? 2 : Paths;

        /// <summary>What makes this split the one that is in progress, whatever way it is written.</summary>
        public JsonElement Fingerprint() => JsonSerializer.SerializeToElement(this, AppJson.Options);
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var paths = await decision.TakeAsync(batch, cancellationToken);
        return [.. batch.Runs.Select(run => StepOutcome.Branch(Branches[paths[run.ContactId].Path], paths[run.ContactId].Why))];
    }

    protected override IReadOnlyList<string> BranchesOf(Settings settings) => [.. Branches.Take(Math.Clamp(settings.Count(), 2, MaxPaths))];

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (settings.Paths is < 2 or > MaxPaths)
        {
            yield return ("paths", $"A split has 2 to {MaxPaths} paths.");
        }

        if (settings.Mode == SplitMode.Weighted
            && (settings.Shares is not { } shares || shares.Length != settings.Paths || shares.Any(s => s is < 0 or > 100) || shares.Sum() != 100))
        {
            yield return ("shares", "Give each path its share in per cent; together they are 100.");
        }

        if (settings.Mode is not (SplitMode.Test or SplitMode.Until))
        {
            yield break;
        }

        var asks = settings.Mode == SplitMode.Test || settings.Ends == SplitEnd.Successes;
        if (asks && settings.Conditions is not { ValueKind: JsonValueKind.Object })
        {
            yield return ("conditions", "Say what counts as a success.");
        }

        if (settings.Ends is null)
        {
            yield return ("ends", "Say what ends it.");
        }
        else if (settings.Ends == SplitEnd.Date && settings.EndsOn is null)
        {
            yield return ("ends_on", "Say when it ends.");
        }
        else if (settings.Ends != SplitEnd.Date && settings.EndsAfter is not (>= 1 and <= 100_000_000))
        {
            yield return ("ends_after", "Say how many end it.");
        }
    }
}

internal enum SplitMode
{
    [Label("Evenly")]
    Even,

    [Label("By shares")]
    Weighted,

    [Label("Test with a winner")]
    Test,

    [Label("Until something happens")]
    Until,
}

internal enum SplitEnd
{
    [Label("On a date")]
    Date,

    [Label("After a number of contacts")]
    Contacts,

    [Label("After a number of successes")]
    Successes,
}
