using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Definitions;

/// <summary>Translates a document between the names people exchange and the ids the account holds.</summary>
internal sealed class DocumentNames(DocumentNodes nodes, Catalogue<ReferenceSource> sources, IConditions conditions)
{
    /// <summary>Names to ids, in place.</summary>
    /// <param name="names">Says what is made and what stands for what; collects what was not found. An option whose name stands for an empty one is taken out.</param>
    /// <returns>Everything that was not found, each with its JSON pointer.</returns>
    public async Task<List<FieldError>> ToIdsAsync(
        AccountTransaction work, long accountId, JsonObject document, NameResolution names, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        var places = Places(document).ToList();
        // From the end on, so that the places before it keep their numbers.
        foreach (var place in places.Where(p => NameIn(p) is { } name && names.Use.TryGetValue((p.Source, name), out var other) && other.Length == 0).Reverse())
        {
            place.Remove();
        }

        places = [.. Places(document)];
        foreach (var place in places.Where(p => NameIn(p) is null && !(names.AcceptsIds && p.Value is JsonValue value && value.TryGetValue<long>(out _))))
        {
            errors.Add(new FieldError(place.Pointer, "wrong_type", $"The name of a {place.Source} is needed here."));
        }

        foreach (var group in places.Where(p => NameIn(p) is not null).GroupBy(p => p.Source, StringComparer.Ordinal))
        {
            var ids = await ResolveAsync(work, accountId, group.Key, [.. group.Select(p => names.Of(p.Source, NameIn(p)!))], names, cancellationToken);
            foreach (var place in group)
            {
                var name = names.Of(place.Source, NameIn(place)!);
                if (ids.TryGetValue(name.Trim(), out var id))
                {
                    place.Replace(JsonValue.Create(id));
                }
                else
                {
                    names.Miss(group.Key, name, place.Pointer, inConditions: false);
                }
            }
        }

        foreach (var (owner, key, pointer, _) in nodes.Trees(document).ToList())
        {
            owner[key] = JsonNode.Parse((await conditions.ToIdsAsync(work, accountId, Element(owner[key]!), pointer, names, cancellationToken)).GetRawText());
        }

        errors.AddRange(names.Missing);
        return errors;
    }

    /// <summary>Takes out the options whose things were not found.</summary>
    public void RemoveUnknown(JsonObject document)
    {
        foreach (var place in Places(document).Where(p => NameIn(p) is not null).Reverse().ToList())
        {
            place.Remove();
        }
    }

    private static string? NameIn(Place place) => place.Value is JsonValue value && value.TryGetValue<string>(out var name) ? name.Trim() : null;

    /// <summary>Ids to names, in place. A thing that is gone becomes <c>(deleted 7)</c>.</summary>
    public async Task ToNamesAsync(AccountTransaction work, long accountId, JsonObject document, CancellationToken cancellationToken)
    {
        foreach (var group in Places(document).Where(p => p.Value is JsonValue value && value.TryGetValue<long>(out _)).ToList().GroupBy(p => p.Source, StringComparer.Ordinal))
        {
            var names = await NamesAsync(work, accountId, group.Key, [.. group.Select(p => p.Value!.GetValue<long>())], cancellationToken);
            foreach (var place in group)
            {
                var id = place.Value!.GetValue<long>();
                place.Replace(JsonValue.Create(names.GetValueOrDefault(id) ?? string.Create(CultureInfo.InvariantCulture, $"(deleted {id})")));
            }
        }

        foreach (var (owner, key, _, _) in nodes.Trees(document).ToList())
        {
            owner[key] = JsonNode.Parse((await conditions.ToNamesAsync(work, accountId, Element(owner[key]!), cancellationToken)).GetRawText());
        }
    }

    /// <summary>Things the options of the document point to (conditions apart), by source and id.</summary>
    public IEnumerable<(string Source, long Id, string Pointer)> References(JsonObject document) =>
        Places(document).Where(p => p.Value is JsonValue value && value.TryGetValue<long>(out _)).Select(p => (p.Source, p.Value!.GetValue<long>(), p.Pointer));

    public async Task<Dictionary<long, string>> NamesAsync(
        AccountTransaction work, long accountId, string source, long[] ids, CancellationToken cancellationToken) => sources.Find(source) is { } known
        ? (await known.ByIdsAsync(work, accountId, [.. ids.Distinct()], cancellationToken)).ToDictionary(r => r.Id, r => r.Name)
        : [];

    /// <summary>For each source the names of the ids in a document, conditions included.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> AllAsync(
        AccountTransaction work, long accountId, JsonElement document, CancellationToken cancellationToken)
    {
        var json = (JsonObject)JsonNode.Parse(document.GetRawText())!;
        var pairs = References(json).Select(r => (r.Source, r.Id)).ToHashSet();
        foreach (var (owner, key, pointer, _) in nodes.Trees(json))
        {
            try
            {
                pairs.UnionWith(conditions.References(conditions.Parse(Element(owner[key]!), pointer)).Select(r => (r.Source, r.Id)));
            }
            catch (InvalidInputException)
            {
                // Unfinished; the check tells what is wrong with it.
            }
        }

        var all = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var group in pairs.GroupBy(p => p.Source, StringComparer.Ordinal))
        {
            all[group.Key] = (await NamesAsync(work, accountId, group.Key, [.. group.Select(p => p.Id)], cancellationToken))
                .ToDictionary(n => n.Key.ToString(CultureInfo.InvariantCulture), n => n.Value, StringComparer.Ordinal);
        }

        return all;
    }

    private async Task<Dictionary<string, long>> ResolveAsync(
        AccountTransaction work, long accountId, string source, string[] names, NameResolution resolution, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        if (sources.Find(source) is not { } known)
        {
            return ids;
        }

        var wanted = names.Select(n => n.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        foreach (var found in await known.ByNamesAsync(work, accountId, wanted, cancellationToken))
        {
            ids[found.Name] = found.Id;
        }

        foreach (var missing in resolution.Create && known.CanCreate ? wanted.Where(n => n.Length > 0 && !ids.ContainsKey(n)) : [])
        {
            ids[missing] = (await known.CreateAsync(work, accountId, missing, resolution.Now, cancellationToken)).Id;
        }

        return ids;
    }

    private IEnumerable<Place> Places(JsonObject document)
    {
        foreach (var place in Slots(document, "unsubscribe_lists", "list", "/unsubscribe_lists"))
        {
            yield return place;
        }

        foreach (var node in nodes.All(document).Where(n => n.SettingsType is not null))
        {
            foreach (var place in Places(node.Json, SettingsShape.Of(node.SettingsType!), node.Pointer))
            {
                yield return place;
            }
        }
    }

    private static IEnumerable<Place> Places(JsonObject owner, SettingsShape shape, string pointer)
    {
        foreach (var member in shape.Members.Where(m => owner[m.Key] is not null))
        {
            var at = $"{pointer}/{member.Key}";
            var inner = member switch
            {
                { Source: { } source } => Slots(owner, member.Key, source, at),
                { Group: { } group } when owner[member.Key] is JsonObject one => Places(one, SettingsShape.Of(group), at),
                { Group: { } group } when owner[member.Key] is JsonArray many =>
                    many.SelectMany((item, i) => item is JsonObject one ? Places(one, SettingsShape.Of(group), $"{at}/{i}") : []),
                _ => [],
            };
            foreach (var place in inner)
            {
                yield return place;
            }
        }
    }

    private static IEnumerable<Place> Slots(JsonObject owner, string key, string source, string pointer) => owner[key] switch
    {
        JsonArray array => Enumerable.Range(0, array.Count).Select(i => new Place(source, $"{pointer}/{i}", array[i], value => array[i] = value, () => array.RemoveAt(i))),
        { } single => [new Place(source, pointer, single, value => owner[key] = value, () => owner.Remove(key))],
        null => [],
    };

    private static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString());

    private sealed record Place(string Source, string Pointer, JsonNode? Value, Action<JsonNode?> Replace, Action Remove);
}
