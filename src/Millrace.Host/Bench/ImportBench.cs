using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Host.Bench;

/// <summary>
/// The two halves of the benchmark <c>import</c>: the product, from the first byte of the upload to the last commit, and the bound, COPY into an
/// unlogged table and the same inserts as one SQL script over rows that are parsed already. Each needs a fresh account in a migrated database.
/// </summary>
internal static class ImportBench
{
    internal sealed record Outcome(TimeSpan Duration, long Rows, long Created, long Rejected);

    /// <param name="app">Base address <c>/api/app/</c>, logged in, with the anti-forgery header.</param>
    /// <param name="csv">Made by <see cref="ImportBenchRows.WriteCsvAsync"/>; at its beginning.</param>
    public static async Task<Outcome> RunProductAsync(HttpClient app, Stream csv, long listId, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var content = new StreamContent(csv);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var uploaded = await app.PostAsync(new Uri("imports?name=bench.csv", UriKind.Relative), content, cancellationToken);
        var id = (long)(await ReadAsync(uploaded, cancellationToken))["id"]!;
        var standard = new[] { "email", "first_name", "last_name" };
        using var begun = await app.PostAsJsonAsync(
            $"imports/{id}/start",
            new
            {
                delimiter = ",",
                has_header = true,
                columns = standard.Select(t => (object)new { target = t })
                    .Concat(ImportBenchRows.Fields.Select(f => new { target = "field", new_field = new { name = f.Name, type = f.Type } })),
                lists = new[] { listId },
                tags = ImportBenchRows.Tags,
            },
            cancellationToken);
        await ReadAsync(begun, cancellationToken);
        while (true)
        {
            using var asked = await app.GetAsync(new Uri($"imports/{id}", UriKind.Relative), cancellationToken);
            var view = await ReadAsync(asked, cancellationToken);
            if ((string)view["state"]! == "finished")
            {
                return new Outcome(Stopwatch.GetElapsedTime(started), (long)view["rows"]!, (long)view["created"]!, (long)view["rejected"]!);
            }

            if ((string)view["state"]! != "running")
            {
                throw new InvalidOperationException($"The import is {view["state"]}: {view["problem"]}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellationToken);
        }
    }

    /// <param name="owner">A connection of the role that owns the schema, in the same database.</param>
    /// <param name="accountId">Not the product's; with the same fields, tags and list.</param>
    public static async Task<Outcome> RunBoundAsync(
        NpgsqlConnection owner, long accountId, int seed, int rows, BoundTargets targets, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await Sql.Of($"drop table if exists public.import_bound").ExecuteAsync(owner, cancellationToken);
        await Sql.Of($"""
            create unlogged table public.import_bound (
                id bigint not null default nextval(pg_get_serial_sequence('contacts.contact', 'id')),
                email text, first_name text, last_name text, city text, age numeric, age_text text, signed_up timestamptz, signed_up_text text, plan text)
            """).ExecuteAsync(owner, cancellationToken);
        var created = await CopyAsync(owner, seed, rows, cancellationToken);
        await using var transaction = await owner.BeginTransactionAsync(cancellationToken);
        await Sql.Of($"select set_config('app.accounts', {"{" + FormattableString.Invariant($"{accountId}") + "}"}, true)").ExecuteAsync(transaction, cancellationToken);
        await InsertAsync(transaction, accountId, targets, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Outcome(Stopwatch.GetElapsedTime(started), rows, created, rows - created);
    }

    internal sealed record BoundTargets(long ListId, long[] TagIds, long[] FieldIds, DateTimeOffset Now);

    private static async Task<long> CopyAsync(NpgsqlConnection owner, int seed, int rows, CancellationToken cancellationToken)
    {
        await using var copy = await Sql.Of($"""
            copy public.import_bound (email, first_name, last_name, city, age, age_text, signed_up, signed_up_text, plan) from stdin (format binary)
            """).CopyAsync(owner, cancellationToken);
        for (var row = 0; row < rows; row++)
        {
            if (ImportBenchRows.KindOf(row) == ImportBenchRows.RowKind.Good)
            {
                var person = ImportBenchRows.Of(seed, row);
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(person.Email, cancellationToken);
                await copy.WriteAsync(person.First, cancellationToken);
                await copy.WriteAsync(person.Last, cancellationToken);
                await copy.WriteAsync(person.City, cancellationToken);
                await copy.WriteAsync((decimal)person.Age, cancellationToken);
                await copy.WriteAsync(FormattableString.Invariant($"{person.Age}"), cancellationToken);
                await copy.WriteAsync(person.SignedUp.ToDateTime(default, DateTimeKind.Utc), cancellationToken);
                await copy.WriteAsync(FormattableString.Invariant($"{person.SignedUp:yyyy-MM-dd}"), cancellationToken);
                await copy.WriteAsync(person.Plan, cancellationToken);
            }
        }

        return (long)await copy.CompleteAsync(cancellationToken);
    }

    private static async Task InsertAsync(NpgsqlTransaction transaction, long accountId, BoundTargets targets, CancellationToken cancellationToken)
    {
        var (now, fields) = (targets.Now, targets.FieldIds);
        Sql[] script =
        [
            Sql.Of($"""
                insert into contacts.contact (account_id, id, email, first_name, last_name, phone, source, created_at, updated_at) overriding system value
                select {accountId}, id, email, first_name, last_name, '', 'import', {now}, {now} from public.import_bound
                """),
            Sql.Of($"""
                insert into contacts.field_value (account_id, contact_id, field_id, value, number, instant, updated_at)
                select {accountId}, b.id, v.field_id, v.value, v.number, v.instant, {now}
                from public.import_bound b
                cross join lateral (values ({fields[0]}, b.city, null::numeric, null::timestamptz), ({fields[1]}, b.age_text, b.age, null),
                                           ({fields[2]}, b.signed_up_text, null, b.signed_up), ({fields[3]}, b.plan, null, null)) v (field_id, value, number, instant)
                """),
            Sql.Of($"""
                insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
                select {accountId}, b.id, t.id, {now} from public.import_bound b, unnest({targets.TagIds}) as t (id)
                """),
            Sql.Of($"""
                insert into contacts.subscription (account_id, contact_id, list_id, status, subscribed_at, source, created_at, updated_at)
                select {accountId}, b.id, {targets.ListId}, 'active', {now}, 'import', {now}, {now} from public.import_bound b
                """),
            Log(accountId, "contact.created", Sql.Of($"select id, null::bigint, jsonb_build_object('contact_id', id, 'source', 'import') from public.import_bound"), now),
            Log(accountId, "tag.added", Sql.Of($"""
                select b.id, t.id, jsonb_build_object('contact_id', b.id, 'tag_id', t.id) from public.import_bound b, unnest({targets.TagIds}) as t (id)
                """), now),
            Log(accountId, "list.subscribed", Sql.Of($"""
                select id, {targets.ListId}, jsonb_build_object('contact_id', id, 'list_id', {targets.ListId}, 'source', 'import') from public.import_bound
                """), now),
        ];
        // A statement over all rows takes longer than a server's statements may.
        await Sql.Of($"set local statement_timeout = 0").ExecuteAsync(transaction, cancellationToken);
        foreach (var statement in script)
        {
            await statement.ExecuteAsync(transaction, cancellationToken);
        }
    }

    private static Sql Log(long accountId, string kind, Sql rows, DateTimeOffset now) => Sql.Of($"""
        with appended as (
            insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, data)
            select {accountId}, r.contact_id, {now}, {kind}, r.subject_id, r.data from ({rows}) as r (contact_id, subject_id, data)
            returning account_id, id, contact_id, occurred_at, kind)
        insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
        select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended
        """);

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
    }
}
