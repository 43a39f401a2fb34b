using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Millrace.Segments.Happened;

namespace Millrace.Segments.Naming;

/// <summary>Translates a tree between names (documents) and ids (stored), one look-up per source.</summary>
internal sealed class TreeNames(
    Catalogue<SegmentCondition> conditions, Catalogue<ReferenceSource> sources, ActivityShapes shapes, Catalogue<RecordSet> records)
{
    private readonly NameSlots _slots = new(conditions, shapes, records);

    public static string Deleted(long id) => FormattableString.Invariant($"(deleted {id})");

    public async Task<JsonElement> ToIdsAsync(
        AccountTransaction work, long accountId, JsonElement tree, string pointer, NameResolution resolution, CancellationToken cancellationToken)
    {
        if (Read(tree, pointer, byId: false) is not var (root, slots))
        {
            return tree;
        }

        foreach (var group in slots.Where(s => s.Name is not null).GroupBy(s => s.Source, StringComparer.Ordinal))
        {
            var source = sources.Find(group.Key);
            var names = group.Select(s => resolution.Of(s.Source, s.Name!)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
            var found = source is null ? [] : await source.ByNamesAsync(work, accountId, names, cancellationToken);
            var ids = found.ToDictionary(r => r.Name, r => r.Id, StringComparer.OrdinalIgnoreCase);
            foreach (var slot in group)
            {
                var name = resolution.Of(slot.Source, slot.Name!);
                if (!ids.TryGetValue(name, out var id))
                {
                    if (slot.Optional)
                    {
                        continue;
                    }

                    if (source is not { CanCreate: true } || !resolution.Create)
                    {
                        resolution.Miss(slot.Source, name, slot.Pointer, inConditions: true);
                        continue;
                    }

                    // One statement each: few are missing, and each has its own rules.
                    var made = await source.CreateAsync(work, accountId, name, resolution.Now, cancellationToken);
                    resolution.Created.Add((slot.Source, made));
                    ids[name] = id = made.Id;
                }

                slot.SetId(id);
            }
        }

        return Element(root);
    }

    public async Task<JsonElement> ToNamesAsync(AccountTransaction work, long accountId, JsonElement tree, CancellationToken cancellationToken)
    {
        if (Read(tree, string.Empty, byId: true) is not var (root, slots))
        {
            return tree;
        }

        var known = slots.Where(s => s.Id is not null).ToList();
        var names = await NamesOfAsync(work, accountId, known.Select(s => (s.Source, s.Id!.Value)), cancellationToken);
        foreach (var slot in known)
        {
            slot.SetName(names.TryGetValue((slot.Source, slot.Id!.Value), out var name) ? name : Deleted(slot.Id.Value));
        }

        return Element(root);
    }

    /// <summary>The names of things; one that is gone is not among them.</summary>
    public async Task<Dictionary<(string Source, long Id), string>> NamesOfAsync(
        AccountTransaction work, long accountId, IEnumerable<(string Source, long Id)> things, CancellationToken cancellationToken)
    {
        var names = new Dictionary<(string Source, long Id), string>();
        foreach (var group in things.Distinct().GroupBy(t => t.Source, StringComparer.Ordinal))
        {
            if (sources.Find(group.Key) is { } source)
            {
                foreach (var found in await source.ByIdsAsync(work, accountId, [.. group.Select(t => t.Id)], cancellationToken))
                {
                    names[(group.Key, found.Id)] = found.Name;
                }
            }
        }

        return names;
    }

    /// <summary>Says the names of the things pointed to.</summary>
    public async Task<Func<string, long, string>> NamerAsync(
        AccountTransaction work, long accountId, IReadOnlyList<TreeReference> references, CancellationToken cancellationToken)
    {
        var found = await NamesOfAsync(work, accountId, references.Select(r => (r.Source, r.Id)), cancellationToken);
        return (source, id) => found.TryGetValue((source, id), out var name) ? name : Deleted(id);
    }

    /// <summary>Whether names of the source can be looked up at all.</summary>
    public bool Knows(string source) => sources.Find(source) is not null;

    private (JsonNode Root, List<NameSlot> Slots)? Read(JsonElement tree, string pointer, bool byId)
    {
        try
        {
            return JsonObject.Create(tree) is { } root ? (root, _slots.Find(root, pointer, byId).ToList()) : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Not an object, a member twice, broken Unicode: the parser says what and where.
            return null;
        }
    }

    private static JsonElement Element(JsonNode root) => JsonSerializer.SerializeToElement(root);
}
