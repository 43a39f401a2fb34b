using Millrace.Accounts.Setup;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Host.Bench;

/// <summary><c>bench import</c>: each round imports other people into an account of its own, so that no round meets rows of an earlier one.</summary>
internal sealed class ImportBenchmark : Benchmark
{
    private const int FullRows = 1_000_000;
    private int _seed;

    public override string Name => "import";

    public override string Unit => "rows/s";

    public override string BoundIs => "COPY into an unlogged table and the same inserts as one SQL script over parsed rows";

    public override double Goal => 0.5;

    public override Task PrepareAsync(BenchContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task<(long Items, double Seconds)> ProductAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var rows = context.Scale(FullRows);
        var (accountId, email) = await NewAccountAsync(context, cancellationToken);
        var targets = await TargetsAsync(context, accountId, withFields: false, cancellationToken);
        using var app = await context.LogInAsync(email, cancellationToken);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var csv = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        await ImportBenchRows.WriteCsvAsync(csv, _seed, rows, cancellationToken);
        csv.Position = 0;
        var outcome = await ImportBench.RunProductAsync(app, csv, targets.ListId, TimeProvider.System, cancellationToken);
        await VerifyAsync(context, accountId, rows, cancellationToken);
        await SettleAsync(context, accountId, cancellationToken);
        return (rows, outcome.Duration.TotalSeconds);
    }

    public override async Task<(long Items, double Seconds)> BoundAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var rows = context.Scale(FullRows);
        var (accountId, _) = await NewAccountAsync(context, cancellationToken);
        var targets = await TargetsAsync(context, accountId, withFields: true, cancellationToken);
        await using var owner = new NpgsqlConnection(context.OwnerConnectionString + ";Command Timeout=0");
        await owner.OpenAsync(cancellationToken);
        var outcome = await ImportBench.RunBoundAsync(owner, accountId, _seed, rows, targets, cancellationToken);
        await VerifyAsync(context, accountId, rows, cancellationToken);
        await SettleAsync(context, accountId, cancellationToken);
        return (rows, outcome.Duration.TotalSeconds);
    }

    private async Task<(long Id, string Email)> NewAccountAsync(BenchContext context, CancellationToken cancellationToken)
    {
        _seed++;
        var email = FormattableString.Invariant($"import{_seed}@example.com");
        var created = await context.App.Services.GetRequiredService<AccountCreator>().CreateAsync(
            new AccountCreator.NewAccount($"Import {_seed}", "Ben Bench", email, BenchContext.Password, "UTC", "Bench", "1 Bench Street", $"{BenchContext.ApiKey}{_seed}"),
            onlyFirst: false,
            cancellationToken);
        return (created.AccountId, email);
    }

    /// <param name="withFields">The product makes its fields from the columns; the bound finds them made.</param>
    private static async Task<ImportBench.BoundTargets> TargetsAsync(BenchContext context, long accountId, bool withFields, CancellationToken cancellationToken)
    {
        var now = context.App.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(context.Database, accountId, cancellationToken);
        var list = await Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, created_at, updated_at) values ({accountId}, 'Bench', 'bench', {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        var fields = withFields
            ? await Sql.Of($"""
                insert into contacts.field (account_id, name, key, type, created_at, updated_at)
                select {accountId}, f.name, upper(replace(f.name, ' ', '_')), f.type, {now}, {now}
                from unnest({ImportBenchRows.Fields.Select(f => f.Name).ToArray()}, {ImportBenchRows.Fields.Select(f => f.Type).ToArray()})
                     with ordinality as f (name, type, no)
                order by f.no returning id
                """).ListAsync<long>(work, cancellationToken)
            : [];
        var tags = await Sql.Of($"""
            insert into contacts.tag (account_id, name, created_at) select {accountId}, n, {now} from unnest({ImportBenchRows.Tags.ToArray()}) n returning id
            """).ListAsync<long>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return new ImportBench.BoundTargets(list, [.. tags], [.. fields], now);
    }

    /// <summary>Every good row is a contact with its values, tags, subscription and activities; else the figure would be worth nothing.</summary>
    private static async Task VerifyAsync(BenchContext context, long accountId, int rows, CancellationToken cancellationToken)
    {
        var good = Enumerable.Range(0, rows).LongCount(r => ImportBenchRows.KindOf(r) == ImportBenchRows.RowKind.Good);
        await using var work = await AccountTransaction.BeginAsync(context.Database, accountId, cancellationToken);
        var counts = new List<long>();
        foreach (var table in new[]
        {
            Sql.Of($"contacts.contact"), Sql.Of($"contacts.field_value"), Sql.Of($"contacts.contact_tag"), Sql.Of($"contacts.subscription"),
        })
        {
            counts.Add(await Sql.Of($"select count(*) from {table} where account_id = {accountId}").FirstAsync<long>(work, cancellationToken));
        }

        if (!counts.SequenceEqual([good, good * 4, good * 2, good]))
        {
            throw new InvalidOperationException($"{good} good rows, but {string.Join(", ", counts)} contacts, values, tags and subscriptions.");
        }
    }

    /// <summary>What the reactor still has to do for this round must not run beside the next.</summary>
    private static Task SettleAsync(BenchContext context, long accountId, CancellationToken cancellationToken) => BenchContext.UntilAsync(
        async () =>
        {
            await using var work = await AccountTransaction.BeginAsync(context.Database, accountId, cancellationToken);
            return !await Sql.Of($"select exists (select 1 from activities.activity_queue where account_id = {accountId})").FirstAsync<bool>(work, cancellationToken);
        },
        TimeSpan.FromMinutes(10),
        "the activity queue is empty");
}
