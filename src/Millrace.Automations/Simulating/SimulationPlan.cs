using System.Text.Json;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Simulating;

/// <summary>A request that has been checked against the draft.</summary>
/// <param name="Unfinished">Steps whose options are not valid, and why.</param>
internal sealed record SimulationPlan(
    SimulationRequest Request, Flow Flow, IReadOnlyDictionary<string, string> Unfinished, FlowTrigger? Trigger, DateTimeOffset Start, DateTimeOffset Until, AssumedBehaviour Behaviour, IReadOnlyList<PlannedEvent> Events)
{
    public const int MaxContacts = 1_000;
    private const int MaxEvents = 200;
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(366);
    private static readonly TimeSpan Backwards = TimeSpan.FromDays(7);

    /// <exception cref="InvalidInputException">Everything that is wrong with the request.</exception>
    public static SimulationPlan Read(SimulationRequest request, Flow flow, IReadOnlyDictionary<string, string> unfinished, ActivityKinds kinds, Catalogue<AutomationAction> actions, DateTimeOffset now)
    {
        var errors = new List<FieldError>();
        CheckWho(request, errors);
        if (flow.Steps.Count == 0)
        {
            errors.Add(new FieldError("/", "no_steps", "There is no step yet."));
        }

        var trigger = request.Trigger is null ? null : flow.Triggers.FirstOrDefault(t => t.Key == request.Trigger);
        if (request.Trigger is not null && trigger is null)
        {
            errors.Add(new FieldError("/trigger", "trigger_missing", "There is no such trigger in the draft."));
        }

        var start = request.StartsAt ?? now;
        if (start < now - Backwards || start > now + Horizon)
        {
            errors.Add(new FieldError("/starts_at", "out_of_range", "A simulation starts between a week ago and a year ahead."));
            start = now;
        }

        var until = request.Until ?? start + Horizon;
        if (until < start || until > start + Horizon)
        {
            errors.Add(new FieldError("/until", "out_of_range", "A simulation looks at most 366 days ahead of its start."));
        }

        var behaviour = new AssumedBehaviour(
            Span(request.Assume?.OpensAfter, "/assume/opens_after", errors), Span(request.Assume?.ClicksAfter, "/assume/clicks_after", errors));
        var events = new List<PlannedEvent>();
        if (request.Events is { Length: > MaxEvents })
        {
            errors.Add(new FieldError("/events", "length", $"At most {MaxEvents} events."));
        }
        else
        {
            var reader = new EventReader(flow, kinds, actions, start, start + Horizon, errors);
            events.AddRange((request.Events ?? []).Select(reader.Read).OfType<PlannedEvent>());
        }

        return errors.Count > 0 ? throw new InvalidInputException(errors) : new SimulationPlan(request, flow, unfinished, trigger, start, until, behaviour, events);
    }

    private static void CheckWho(SimulationRequest request, List<FieldError> errors)
    {
        if (new object?[] { request.Contacts, request.Segment, request.Random }.Count(w => w is not null) != 1)
        {
            errors.Add(new FieldError("/contacts", "required", "Say who: contacts, a segment or a random number, one of them."));
        }

        if (request.Contacts is { Length: 0 or > MaxContacts })
        {
            errors.Add(new FieldError("/contacts", "length", $"1 to {MaxContacts} contacts."));
        }

        if (request.Random is < 1 or > MaxContacts)
        {
            errors.Add(new FieldError("/random", "out_of_range", $"1 to {MaxContacts}."));
        }

        if (request.Sample is < 1 or > MaxContacts)
        {
            errors.Add(new FieldError("/sample", "out_of_range", $"1 to {MaxContacts}."));
        }
    }

    private static TimeSpan? Span(string? text, string path, List<FieldError> errors)
    {
        if (text is null)
        {
            return null;
        }

        var from = DateTimeOffset.UnixEpoch;
        if (IsoDuration.TryParse(text, out var duration) && duration.After(from) - from is var span && span <= Horizon)
        {
            return span;
        }

        errors.Add(new FieldError(path, "invalid_duration", "An ISO 8601 duration of at most a year is needed, for example PT1H."));
        return null;
    }
}

/// <summary>Something made up that happens to contacts at a time: an activity or a change.</summary>
/// <param name="ContactId">Null: to everybody.</param>
/// <param name="Data">The activity's members that were given.</param>
/// <param name="Settings">Options of <paramref name="Action"/>.</param>
internal sealed record PlannedEvent(
    int Index, DateTimeOffset At, long? ContactId, ActivityKind? Kind, string? StepKey, JsonElement? Data, AutomationAction? Action, object? Settings);
