using System.Text.Json.Nodes;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Recipes;

/// <summary>
/// What a recipe is made of that this server does not have. Asked of the catalogues, so that a recipe becomes available by itself with the last entry it needs.
/// </summary>
internal sealed class RecipeNeeds(
    Catalogue<AutomationTrigger> triggers, Catalogue<AutomationAction> actions, Catalogue<SegmentCondition> conditions, Catalogue<RecordSet> records, ActivityKinds kinds)
{
    /// <summary>What people call the part of the product that an entry belongs to, by the beginning of its key.</summary>
    private static readonly (string Prefix, string Module)[] Modules =
    [
        ("deal.", "Deals"), ("task.", "Tasks"), ("account.", "Companies"), ("purchase.", "Shop"), ("order.", "Shop"), ("cart.", "Shop"), ("payment.", "Payments"),
        ("sms.", "SMS"), ("whatsapp.", "WhatsApp"), ("form.", "Forms"), ("score", "Scores"), ("page.", "Site visits"), ("site_message.", "Site messages"),
        ("conversion.", "Conversions"), ("app.salesforce", "Salesforce"), ("app.calendly", "Calendly"), ("app.", "Apps"), ("ai.", "AI"), ("sentiment.", "AI"),
    ];

    public List<RecipeNeed> Missing(JsonObject document) =>
    [
        .. Keys(document, inTrigger: false).Distinct().Where(k => !IsKnown(k.What, k.Key)).GroupBy(k => ModuleOf(k.Key), StringComparer.Ordinal)
            .Select(g => new RecipeNeed(g.Key, [.. g.Select(k => k.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]))
            .OrderBy(n => n.Module, StringComparer.Ordinal),
    ];

    private static IEnumerable<(EntryKind What, string Key)> Keys(JsonNode? node, bool inTrigger)
    {
        if (node is JsonArray list)
        {
            return list.SelectMany(n => Keys(n, inTrigger));
        }

        if (node is not JsonObject json)
        {
            return [];
        }

        var own = Text(json["activity"]) is { } activity ? [(EntryKind.Activity, activity)]
            : Text(json["field"]) is { } field && json.ContainsKey("op") ? [(EntryKind.Condition, field)]
            : Text(json["type"]) is { } type ? [(inTrigger ? EntryKind.Trigger : EntryKind.Step, type)]
            : Array.Empty<(EntryKind, string)>();
        // What stands in a mail is no step.
        return own.Concat(json.Where(m => m.Key is not "design").SelectMany(m => Keys(m.Value, m.Key == "triggers")));
    }

    private bool IsKnown(EntryKind what, string key) => what switch
    {
        EntryKind.Trigger => triggers.Find(key) is not null,
        EntryKind.Step => actions.Find(key) is { IsPlanned: false },
        EntryKind.Activity => kinds.Find(key) is not null,
        _ => conditions.Find(key.Split(':')[0]) is not null || (key.Split('.') is [var set, ..] && records.Find(set)?.Find(key) is not null),
    };

    private static string ModuleOf(string key) => Array.Find(Modules, m => key.StartsWith(m.Prefix, StringComparison.Ordinal)).Module ?? key;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private enum EntryKind
    {
        Trigger,
        Step,
        Condition,
        Activity,
    }
}

/// <summary>A part of the product that is not there.</summary>
/// <param name="Module">What people call it.</param>
/// <param name="Entries">Keys of the triggers, steps, conditions and activities of it that the recipe uses.</param>
internal sealed record RecipeNeed(string Module, IReadOnlyList<string> Entries);
