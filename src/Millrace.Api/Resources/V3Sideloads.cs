using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;

namespace Millrace.Api.Resources;

/// <summary>
/// What <c>include=a,b.c</c> puts beside the records: chains of relation names, one query per step of a chain. Names that the resource does not have are
/// passed over, as the original does; so is what the caller's role may not see.
/// </summary>
internal sealed class V3Sideloads(AccountTransaction work, V3Call call)
{
    /// <summary>Of one relation over all records of a page: more belongs into a collection of its own.</summary>
    private const int MaxRows = 10_000;

    private const int MaxDepth = 4;

    private readonly Dictionary<string, SortedDictionary<long, JsonObject>> _roots = new(StringComparer.Ordinal);

    public Task LoadAsync(V3Resource owner, IReadOnlyList<V3Loaded> records, IEnumerable<string> paths) => LoadAsync(owner, records, paths, 1);

    /// <param name="except">The root of the collection that was asked for, which stays what it is.</param>
    public void AddTo(Dictionary<string, object?> body, string except)
    {
        foreach (var (root, records) in _roots)
        {
            if (root != except)
            {
                body[root] = records.Values;
            }
        }
    }

    private async Task LoadAsync(V3Resource owner, IReadOnlyList<V3Loaded> records, IEnumerable<string> paths, int depth)
    {
        foreach (var chain in paths.Select(p => p.Split('.', 2)).GroupBy(p => p[0], StringComparer.Ordinal))
        {
            if (owner.Relations.FirstOrDefault(r => r.Name == chain.Key) is not { Target: { } plural } relation)
            {
                continue;
            }

            var target = call.Resources.Find(plural);
            if (target is not null && !call.Account.May(target.Permission))
            {
                continue;
            }

            var loaded = relation.IsMany ? await ManyAsync(owner, records, relation, target) : await OneAsync(records, relation, target);
            var rest = chain.Where(p => p.Length > 1).Select(p => p[1]).ToArray();
            if (target is not null && rest.Length > 0 && depth < MaxDepth)
            {
                await LoadAsync(target, loaded, rest, depth + 1);
            }
        }
    }

    private async Task<List<V3Loaded>> ManyAsync(V3Resource owner, IReadOnlyList<V3Loaded> records, V3Relation relation, V3Resource? target)
    {
        var ids = records.Select(r => r.Id).Distinct().ToArray();
        var items = target is null || ids.Length == 0 ? [] : await target.OwnedAsync(work, call, owner.Plural, ids, MaxRows, 0);
        var byOwner = items.ToLookup(i => i.OwnerId, i => i.Id);
        foreach (var record in records)
        {
            record.View[relation.Name] = new JsonArray([.. byOwner[record.Id].Select(id => (JsonNode)id.ToString(CultureInfo.InvariantCulture))]);
        }

        return Keep(target?.Plural ?? relation.Root, items);
    }

    private async Task<List<V3Loaded>> OneAsync(IReadOnlyList<V3Loaded> records, V3Relation relation, V3Resource? target)
    {
        if (target is null)
        {
            return [];
        }

        var ids = records.Select(r => relation.IdOf!(r.Row)).OfType<long>().Distinct().ToArray();
        return Keep(target.Plural, await target.ByIdsAsync(work, call, ids));
    }

    private List<V3Loaded> Keep(string root, List<V3Item> items)
    {
        if (!_roots.TryGetValue(root, out var kept))
        {
            _roots[root] = kept = [];
        }

        return items.ConvertAll(i =>
        {
            if (!kept.TryGetValue(i.Id, out var view))
            {
                kept[i.Id] = view = JsonSerializer.SerializeToNode(i.View, V3Json.Options)!.AsObject();
            }

            return new V3Loaded(i.Id, i.Row, view);
        });
    }
}
