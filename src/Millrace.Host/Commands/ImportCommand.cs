using System.Globalization;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Host.Commands;

/// <summary>
/// <c>import FILE --account NUMBER|NAME [--list NAME ...] [--tag NAME ...]</c>: imports a CSV file with the engine of the server, and shows how far it is.
/// Stopped half-way, the import goes on with the next server that starts. Exit code 0 when it is through, also with rejected rows; 1 when it failed.
/// </summary>
internal static class ImportCommand
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync(string file, string[] args, CancellationToken cancellationToken)
    {
        var (account, lists, tags, rest) = Parse(args);
        if (!File.Exists(file))
        {
            throw new StartupException($"There is no file {file}.");
        }

        await using var app = await Server.BuildForCommandAsync([.. rest, "--roles", "worker"], cancellationToken);
        await app.StartAsync(cancellationToken);
        try
        {
            var (accountId, userId) = await FindAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), account, cancellationToken);
            var import = app.Services.GetRequiredService<IContactImport>();
            long id;
            await using (var stream = File.OpenRead(file))
            {
                id = await import.StartAsync(accountId, userId, Path.GetFileName(file), stream, lists, tags, cancellationToken);
            }

            return await FollowAsync(import, accountId, id, cancellationToken);
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<int> FollowAsync(IContactImport import, long accountId, long id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = await import.ProgressAsync(accountId, id, cancellationToken);
            var percent = now.Bytes == 0 ? 100 : 100 * now.BytesDone / now.Bytes;
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{percent,3} %  {now.Rows:N0} rows: {now.Created:N0} new, {now.Updated:N0} changed, {now.Unchanged:N0} as they were, {now.Rejected:N0} rejected  {now.RowsPerSecond:N0}/s");
            // A terminal sees one line that moves; a file or a pipe only the last.
            if (!Console.IsOutputRedirected || now.IsOver)
            {
                Console.Write(Console.IsOutputRedirected ? line : $"\r{line}");
            }

            if (now.IsOver)
            {
                Console.WriteLine();
                Console.WriteLine(now.State == "finished" ? $"Import {id} is through." : now.Problem ?? $"Import {id}: {now.State}.");
                return now.State == "finished" ? 0 : 1;
            }

            await Task.Delay(Pace, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<(long AccountId, long UserId)> FindAsync(NpgsqlDataSource database, string account, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var number = long.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        var found = await Sql.Of($"select id from accounts.account where id = {number} or lower(name) = lower({account}) order by id").ListAsync<long>(connection, cancellationToken);
        if (found is not [var only])
        {
            throw new StartupException(found.Count == 0 ? $"There is no account \"{account}\"." : $"Several accounts are called \"{account}\"; give its number: {string.Join(", ", found)}.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, only, cancellationToken);
        return (only, await Sql.Of($"select id from accounts.app_user where account_id = {only} and role = 'admin' order by id limit 1").FirstAsync<long>(work, cancellationToken));
    }

    private static (string Account, List<string> Lists, List<string> Tags, List<string> Others) Parse(string[] args)
    {
        var (account, lists, tags, rest) = ((string?)null, new List<string>(), new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--account" when i + 1 < args.Length:
                    account = args[++i];
                    break;
                case "--list" when i + 1 < args.Length:
                    lists.Add(args[++i]);
                    break;
                case "--tag" when i + 1 < args.Length:
                    tags.Add(args[++i]);
                    break;
                default:
                    rest.Add(args[i]);
                    break;
            }
        }

        return (account ?? throw new StartupException("Say into which account: millrace import FILE --account NUMBER|NAME."), lists, tags, rest);
    }
}
