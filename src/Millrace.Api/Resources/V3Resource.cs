using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Api.Resources;

/// <summary>
/// One resource of <c>/api/3</c>. What it declares gives it the collection, the single record, every link of it, the side-loads of <c>include=</c>,
/// filters, orders and paging. Its writes are ordinary endpoints beside it.
/// </summary>
public abstract class V3Resource
{
    /// <summary>Path and root of the collection: <c>contactTags</c>.</summary>
    public abstract string Plural { get; }

    /// <summary>Root of a single record: <c>contactTag</c>.</summary>
    public abstract string Singular { get; }

    /// <summary>The original's internal name, which its 404 texts bear: <c>SubscriberTag</c>.</summary>
    public abstract string Model { get; }

    /// <summary>What reading it asks for.</summary>
    public virtual Permission Permission => Permission.ViewContacts;

    /// <summary>Whether the collection has a route of its own.</summary>
    public virtual bool IsListed => true;

    /// <summary>Whether a single record can be asked for by its number.</summary>
    public virtual bool IsRead => true;

    public virtual IReadOnlyList<V3Relation> Relations => [];

    /// <summary>Attributes that the collection can be filtered and ordered by.</summary>
    public abstract IEnumerable<string> FilterNames { get; }

    /// <summary>The <c>links</c> member of a record: absolute addresses by relation.</summary>
    public IReadOnlyDictionary<string, string> Links(V3Call call, long id)
    {
        var links = V3Links.Of(call.Request, Plural, id, [.. Relations.Select(r => r.Name)]);
        return Relations.Any(r => r.LinkQuery.Length > 0)
            ? Relations.ToDictionary(r => r.Name, r => links[r.Name] + r.LinkQuery, StringComparer.Ordinal)
            : links;
    }

    /// <summary>The records of these ids as the answers show them, in this order; what is not there is left out.</summary>
    public async Task<IReadOnlyList<object>> ViewsAsync(AccountTransaction work, V3Call call, IReadOnlyCollection<long> ids)
    {
        var found = (await ByIdsAsync(work, call, [.. ids])).ToDictionary(i => i.Id, i => i.View);
        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    /// <summary>How many records there are.</summary>
    public abstract Task<long> TotalAsync(AccountTransaction work, V3Call call);

    internal abstract Task<V3Result> ListAsync(V3Call call);

    internal abstract Task<V3Result> ReadAsync(V3Call call, long id);

    internal abstract Task<V3Result> RelatedAsync(V3Call call, long id, V3Relation relation);

    internal abstract Task<V3Result> ListOfAsync(V3Call call, string owner, long ownerId);

    /// <summary>Rows that belong to the owners; none when the two have nothing to do with each other.</summary>
    internal abstract Task<List<V3Item>> OwnedAsync(AccountTransaction work, V3Call call, string owner, long[] ownerIds, int limit, int offset);

    internal abstract Task<List<V3Item>> ByIdsAsync(AccountTransaction work, V3Call call, long[] ids);
}

/// <param name="OwnerId">Whose it is, when it was asked for by owner.</param>
internal sealed record V3Item(long Id, long OwnerId, object Row, object View);

/// <summary>To whom a row belongs.</summary>
public sealed record V3Owner<TRow>(Sql Column, Func<TRow, long> IdOf);

/// <inheritdoc/>
/// <typeparam name="TRow">A record whose constructor takes <see cref="Columns"/> in order.</typeparam>
public abstract class V3Resource<TRow> : V3Resource
    where TRow : class
{
    /// <summary>A sub-collection has no pages; this is the most of it that is sent at once, and what <c>limit</c> may ask for.</summary>
    private const int MaxRelated = 1_000;

    /// <summary>Of <see cref="Table"/> and <see cref="Joins"/>.</summary>
    protected abstract Sql Columns { get; }

    /// <summary>With its alias, for example <c>contacts.contact_tag ct</c>. Counting reads this alone.</summary>
    protected abstract Sql Table { get; }

    protected virtual Sql Joins => Sql.Empty;

    protected abstract Sql AccountColumn { get; }

    protected abstract Sql IdColumn { get; }

    protected abstract V3Filters Filters { get; }

    /// <summary>By plural of the owning resource.</summary>
    protected virtual IReadOnlyDictionary<string, V3Owner<TRow>> Owners => new Dictionary<string, V3Owner<TRow>>();

    protected virtual int DefaultLimit => 20;

    /// <summary>Unless asked otherwise, and after what is asked; ends in something unique, so that pages are stable.</summary>
    protected virtual Sql DefaultOrder => IdColumn;

    /// <summary>Loaded beside a single record without being asked for.</summary>
    protected virtual IReadOnlyList<string> AlwaysBeside => [];

    public override IEnumerable<string> FilterNames => Filters.Names;

    protected abstract long IdOf(TRow row);

    public abstract object View(TRow row, V3Call call);

    /// <summary>Conditions of the collection; the account is compared already.</summary>
    protected virtual IEnumerable<Sql> Where(V3Call call, V3Query query) => Filters.Where(query, call.Account.TimeZone);

    /// <summary>A condition that has to be looked up first, such as the members of a segment; null for none.</summary>
    protected virtual Task<Sql?> MoreAsync(AccountTransaction work, V3Call call) => Task.FromResult<Sql?>(null);

    /// <summary>Goes round the reading of a collection, for example with a time limit.</summary>
    protected virtual Task<V3Result> FrameAsync(AccountTransaction work, V3Call call, Func<Task<V3Result>> list) => list();

    protected virtual Sql OrderBy(V3Call call, V3Query query) => Filters.OrderBy(query, DefaultOrder);

    protected virtual Task<long> CountAsync(AccountTransaction work, V3Call call, Sql where) =>
        Sql.Of($"select count(*) from {Table} where {where}").FirstAsync<long>(work, call.CancellationToken);

    /// <param name="total">Records of all pages.</param>
    protected virtual Task<object> MetaAsync(AccountTransaction work, V3Call call, V3Query query, IReadOnlyList<TRow> rows, long total) =>
        Task.FromResult<object>(new { total = new V3Id(total) });

    /// <summary>Root members that always come along, such as the options of fields.</summary>
    protected virtual Task AddAsync(AccountTransaction work, V3Call call, IReadOnlyList<TRow> rows, Dictionary<string, object?> body) => Task.CompletedTask;

    /// <param name="which">Condition over the row, and what follows it.</param>
    public Task<List<TRow>> RowsAsync(AccountTransaction work, V3Call call, Sql which) =>
        Sql.Of($"select {Columns} from {Table} {Joins} where {AccountColumn} = {call.Account.Id} and {which}").ListAsync<TRow>(work, call.CancellationToken);

    /// <exception cref="Kernel.Errors.NotFoundException">In the original's words.</exception>
    public async Task<TRow> OneAsync(AccountTransaction work, V3Call call, long id) =>
        await RowsAsync(work, call, Sql.Of($"{IdColumn} = {id}")) is [var row] ? row : throw V3Errors.NoResult(Model, id);

    /// <summary><c>{"contactTag": {...}}</c>.</summary>
    public Dictionary<string, object?> Wrap(TRow row, V3Call call) => new(StringComparer.Ordinal) { [Singular] = View(row, call) };

    public override Task<long> TotalAsync(AccountTransaction work, V3Call call) =>
        Sql.Of($"select count(*) from {Table} where {AccountColumn} = {call.Account.Id}").FirstAsync<long>(work, call.CancellationToken);

    internal sealed override Task<V3Result> ListAsync(V3Call call) => ListAsync(call, null);

    internal sealed override Task<V3Result> ListOfAsync(V3Call call, string owner, long ownerId) =>
        ListAsync(call, Sql.Of($"{Owners[owner].Column} = {ownerId}"));

    internal sealed override Task<V3Result> ReadAsync(V3Call call, long id) => call.ReadAsync(async work =>
    {
        var row = await OneAsync(work, call, id);
        var body = new Dictionary<string, object?>(StringComparer.Ordinal);
        await AddAsync(work, call, [row], body);
        var views = await BesideAsync(work, call, [row], [.. AlwaysBeside, .. V3Query.Of(call.Request).Includes], body);
        body[Singular] = views[0];
        return V3Result.Ok(body);
    });

    internal sealed override Task<V3Result> RelatedAsync(V3Call call, long id, V3Relation relation) => call.ReadAsync(async work =>
    {
        var row = await OneAsync(work, call, id);
        var target = relation.Target is { } plural ? call.Resources.Find(plural) : null;
        if (target is not null && !call.Account.May(target.Permission))
        {
            throw new Kernel.Errors.ForbiddenException("You do not have permission to access this resource.");
        }

        var body = relation.Beside.ToDictionary(name => name, object? (_) => Array.Empty<object>(), StringComparer.Ordinal);
        if (!relation.IsMany)
        {
            var found = target is not null && relation.IdOf!(row) is { } targetId ? await target.ByIdsAsync(work, call, [targetId]) : [];
            body[target?.Singular ?? relation.Root] = relation.Make is { } make ? make(row, call) : found is [var only] ? only.View : null;
        }
        else if (target is not null)
        {
            var query = V3Query.Of(call.Request, MaxRelated, MaxRelated);
            body[target.Plural] = (await target.OwnedAsync(work, call, Plural, [id], query.Limit, query.Offset)).Select(i => i.View);
        }
        else
        {
            body[relation.Root] = Array.Empty<object>();
        }

        return V3Result.Ok(body);
    });

    internal sealed override async Task<List<V3Item>> OwnedAsync(
        AccountTransaction work, V3Call call, string owner, long[] ownerIds, int limit, int offset)
    {
        if (!Owners.TryGetValue(owner, out var by))
        {
            return [];
        }

        // Orders are those of the collection that was asked for; of another one's rows only when they are all that is asked for.
        var order = ownerIds.Length == 1 ? Filters.OrderBy(V3Query.Of(call.Request), DefaultOrder) : DefaultOrder;
        var rows = await RowsAsync(work, call, Sql.Of($"{by.Column} = any({ownerIds}) order by {order} limit {limit} offset {offset}"));
        return rows.ConvertAll(r => new V3Item(IdOf(r), by.IdOf(r), r, View(r, call)));
    }

    internal sealed override async Task<List<V3Item>> ByIdsAsync(AccountTransaction work, V3Call call, long[] ids)
    {
        var rows = ids.Length == 0 ? [] : await RowsAsync(work, call, Sql.Of($"{IdColumn} = any({ids}) order by {IdColumn}"));
        return rows.ConvertAll(r => new V3Item(IdOf(r), 0, r, View(r, call)));
    }

    private Task<V3Result> ListAsync(V3Call call, Sql? of)
    {
        var query = V3Query.Of(call.Request, DefaultLimit);
        List<Sql> all = [Sql.Of($"{AccountColumn} = {call.Account.Id}"), .. Where(call, query)];
        if (of is not null)
        {
            all.Add(of);
        }

        return call.ReadAsync(work => FrameAsync(work, call, async () =>
        {
            if (await MoreAsync(work, call) is { } more)
            {
                all.Add(more);
            }

            var where = Sql.Join(" and ", all);
            var rows = await RowsAsync(work, call, Sql.Of($"{where} order by {OrderBy(call, query)} limit {query.Limit} offset {query.Offset}"));
            var body = new Dictionary<string, object?>(StringComparer.Ordinal);
            await AddAsync(work, call, rows, body);
            body[Plural] = await BesideAsync(work, call, rows, query.Includes, body);
            body["meta"] = await MetaAsync(work, call, query, rows, await CountAsync(work, call, where));
            return V3Result.Ok(body);
        }));
    }

    /// <returns>The rows' views, with the ids of what was loaded beside them.</returns>
    private async Task<IReadOnlyList<object>> BesideAsync(
        AccountTransaction work, V3Call call, IReadOnlyList<TRow> rows, IReadOnlyCollection<string> paths, Dictionary<string, object?> body)
    {
        if (paths.Count == 0)
        {
            return [.. rows.Select(r => View(r, call))];
        }

        var views = rows.Select(r => JsonSerializer.SerializeToNode(View(r, call), V3Json.Options)!.AsObject()).ToList();
        var sideloads = new V3Sideloads(work, call);
        await sideloads.LoadAsync(this, [.. rows.Zip(views, (r, v) => new V3Loaded(IdOf(r), r, v))], paths);
        sideloads.AddTo(body, except: Plural);
        return views;
    }
}

/// <summary>A record on its way into an answer.</summary>
internal sealed record V3Loaded(long Id, object Row, JsonObject View);
