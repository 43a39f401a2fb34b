using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Simulating;

/// <summary>Reads events that people made up, strictly.</summary>
internal sealed class EventReader(
    Flow flow, ActivityKinds kinds, Catalogue<AutomationAction> actions, DateTimeOffset from, DateTimeOffset to, List<FieldError> errors)
{
    /// <summary>Kinds that only the engine can cause.</summary>
    private const string OwnKinds = "automation.";

    private static readonly HashSet<string> Frame = new(StringComparer.Ordinal) { "type" };

    public PlannedEvent? Read(HypotheticalEvent? given, int index)
    {
        var at = $"/events/{index}";
        if (given is null)
        {
            return Refuse(at, "wrong_type", "An event is needed here.");
        }

        if (given.At < from || given.At > to)
        {
            return Refuse($"{at}/at", "out_of_range", "An event happens between the start and a year after it.");
        }

        if (given.Step is not null && flow.Find(given.Step) is null)
        {
            return Refuse($"{at}/step", "step_missing", "There is no such step in the draft.");
        }

        return (given.Activity, given.Action) switch
        {
            ({ } kind, null) => Activity(given, kind, index, at),
            (null, { } action) => Action(given, action, index, at),
            _ => Refuse(at, "required", "Give an activity or an action, one of them."),
        };
    }

    private PlannedEvent? Activity(HypotheticalEvent given, string name, int index, string at)
    {
        if (kinds.Find(name) is not { } kind || name.StartsWith(OwnKinds, StringComparison.Ordinal) || name == "contact.deleted")
        {
            return Refuse($"{at}/activity", "unknown_kind", "There is no such activity, or it cannot be made up.");
        }

        if (given.Data is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            return Refuse($"{at}/data", "wrong_type", "An object is needed here.");
        }

        try
        {
            Make(kind, contactId: 1, given.Data, known: null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return Refuse($"{at}/data", "invalid", $"These are not the members of {name}.");
        }

        return new PlannedEvent(index, given.At, given.Contact, kind, given.Step, given.Data, null, null);
    }

    private PlannedEvent? Action(HypotheticalEvent given, JsonElement json, int index, string at)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String
            || actions.Find(type.GetString()!) is not { Group: "Contacts", Shape: "action", NotSimulated: null, IsPlanned: false } action)
        {
            return Refuse($"{at}/action/type", "unknown_type", "A step of the group Contacts is needed here.");
        }

        var settings = SettingsReader.Read(action.SettingsType, json, $"{at}/action", errors, Frame);
        if (settings is null)
        {
            return null;
        }

        if (action.EndsPath(settings))
        {
            return Refuse($"{at}/action/type", "unknown_type", "This change cannot be made up: the contact would be gone.");
        }

        errors.AddRange(action.Check(settings).Select(e => new FieldError($"{at}/action/{e.Path.TrimStart('/')}", "invalid", e.Message)));
        return new PlannedEvent(index, given.At, given.Contact, null, given.Step, null, action, settings);
    }

    /// <summary>The record of an activity.</summary>
    /// <param name="known">Members of an earlier activity it answers; those given win.</param>
    public static IActivity Make(ActivityKind kind, long contactId, JsonElement? given, JsonElement? known)
    {
        var members = new JsonObject();
        var mine = kind.Type.GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var member in (known is { ValueKind: JsonValueKind.Object } before ? before.EnumerateObject() : default).Where(m => mine.Contains(m.Name)))
        {
            members[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        foreach (var member in given is { ValueKind: JsonValueKind.Object } after ? after.EnumerateObject() : default)
        {
            members[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        members["contact_id"] = contactId;
        // What nobody has said is empty: a record's texts are not null.
        foreach (var parameter in kind.Type.GetConstructors()[0].GetParameters().Where(p => p is { ParameterType: var type, HasDefaultValue: false } && type == typeof(string)))
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
            members[name] = members[name] ?? string.Empty;
        }

        return ActivityJson.Read(kind.Type, JsonElement.Parse(members.ToJsonString()));
    }

    private PlannedEvent? Refuse(string path, string code, string message)
    {
        errors.Add(new FieldError(path, code, message));
        return null;
    }
}
