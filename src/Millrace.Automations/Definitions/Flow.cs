using System.Text.Json;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Definitions;

/// <summary>An automation's document, read and wired: which step follows which. Immutable.</summary>
internal sealed class Flow
{
    public required EntryRule Entry { get; init; }

    public required IReadOnlyList<FlowTrigger> Triggers { get; init; }

    /// <summary>In document order.</summary>
    public required IReadOnlyList<FlowStep> Steps { get; init; }

    /// <summary>Lists that the settings say an unsubscribe in this automation's mails takes the contact off; null: as the triggers say.</summary>
    public required IReadOnlyList<long>? UnsubscribeLists { get; init; }

    /// <summary>Whether an unsubscribe in one of its mails ends the contact's entries.</summary>
    public bool ExitOnUnsubscribe { get; init; }

    /// <summary>Who fulfils these leaves it, wherever they stand; null: nobody leaves for that.</summary>
    public FlowExit? Exit { get; init; }

    /// <summary>Lists an unsubscribe in this automation's mails takes a contact off: those of the settings, else those the triggers name and those that brought it in.</summary>
    /// <param name="entry">Lists of what brought the contact in.</param>
    /// <returns>Null: all lists.</returns>
    public IReadOnlyList<long>? ListsOf(IReadOnlyList<long>? entry)
    {
        if (UnsubscribeLists is not null)
        {
            return UnsubscribeLists;
        }

        if (entry is not { Count: > 0 })
        {
            return TriggerLists.Count > 0 ? TriggerLists : null;
        }

        return TriggerLists.Count == 0 ? entry : [.. TriggerLists.Union(entry)];
    }

    /// <summary>Lists that the triggers name.</summary>
    public IReadOnlyList<long> TriggerLists => field ??= [.. Triggers.Where(t => t.IsUsable).SelectMany(t => t.Definition!.ListsOf(t.Settings!)).Distinct().Order()];

    public FlowStep? First => Steps is [var first, ..] ? first : null;

    /// <summary>Kinds of activities after which a wait, a goal or the exit of this automation may see another answer.</summary>
    public IReadOnlySet<string> AwaitedKinds { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Trees of its goals and waits that name saved segments: what those read can change without a new version.</summary>
    public IReadOnlyList<ConditionTree> AwaitedSegments { get; init; } = [];

    public IReadOnlyList<FlowGoal> Goals { get; init; } = [];

    /// <summary>What conditions call the step: its own text, such as the subject of a mail, else what it does; null: it is not there.</summary>
    public string? NameOf(string key) => Find(key) is { } step ? step.OwnText ?? step.Name : null;

    public FlowStep? Find(string? key) => key is null ? null : ByKey.GetValueOrDefault(key);

    private Dictionary<string, FlowStep> ByKey => field ??= Steps.GroupBy(s => s.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
}

/// <summary>One gate of the automation.</summary>
/// <param name="Definition">Null when this server does not know the type.</param>
/// <param name="Settings">Null when they are not valid.</param>
/// <param name="Where">Who may pass; null for all.</param>
internal sealed record FlowTrigger(
    string Key, string Type, AutomationTrigger? Definition, object? Settings, TriggerRuns Runs, ConditionTree? Where, string Pointer)
{
    public bool IsUsable => Definition is not null && Settings is not null;
}

/// <summary>One step.</summary>
internal sealed class FlowStep
{
    /// <summary>Members of a step's options that tell people which one it is.</summary>
    private static readonly string[] Naming = ["name", "subject", "title"];

    public required string Key { get; init; }

    public required string Type { get; init; }

    /// <summary>Position in document order, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>JSON pointer of the step in the document.</summary>
    public required string Pointer { get; init; }

    /// <summary>Null when this server does not know the type.</summary>
    public required AutomationAction? Action { get; init; }

    /// <summary>Null when they are not valid.</summary>
    public required object? Settings { get; init; }

    /// <summary>The step's options as they stand in the document, as a JSON object; tells whether publishing has changed them.</summary>
    public required string Raw { get; init; }

    /// <summary>The step after it (and after its branches); null: the automation is completed.</summary>
    public required string? Next { get; init; }

    /// <summary>First step of each branch; an empty branch leads to <see cref="Next"/>.</summary>
    public required IReadOnlyDictionary<string, string?> Branches { get; init; }

    /// <summary>Steps that other options of it name.</summary>
    public required IReadOnlyList<string> References { get; init; }

    public string Shape => Action?.Shape ?? "action";

    /// <summary>What tells people which step it is: <c>Send an e-mail: Welcome</c>.</summary>
    public string Name => OwnText is not { } own ? Action?.Title ?? Type : Shape == "goal" ? own : $"{Action?.Title ?? Type}: {own}";

    /// <summary>The name, subject or title its options give it; null: none.</summary>
    public string? OwnText
    {
        get
        {
            using var options = JsonDocument.Parse(Raw);
            return Naming.Select(n => options.RootElement.TryGetProperty(n, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)
                .FirstOrDefault(v => !string.IsNullOrWhiteSpace(v));
        }
    }
}

/// <summary>What ends the automation for whoever fulfils it.</summary>
/// <param name="Raw">As it stands in the document; tells whether publishing has changed it.</param>
internal sealed record FlowExit(ConditionTree Conditions, bool TimeDependent, string Raw);

/// <summary>A goal and from where one can jump to it.</summary>
/// <param name="Upstream">Keys of the steps above it.</param>
internal sealed record FlowGoal(FlowStep Step, string Name, ConditionTree Conditions, bool Anywhere, bool TimeDependent, IReadOnlySet<string> Upstream);
