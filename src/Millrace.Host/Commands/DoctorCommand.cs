using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Host.Commands;

/// <summary><c>doctor</c>: shows where things are and whether they work. Prints no secrets.</summary>
internal static class DoctorCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = await Server.BuildForCommandAsync(args, CancellationToken.None);
        var database = app.Services.GetRequiredService<ProductDatabase>();
        var configuration = app.Configuration;
        await using var connection = await app.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        var version = await Sql.Of($"select version()").FirstAsync<string>(connection, CancellationToken.None);
        var accounts = await Sql.Of($"select count(*) from accounts.account").FirstAsync<long>(connection, CancellationToken.None);
        var bypass = await Sql.Of($"select rolsuper or rolbypassrls from pg_roles where rolname = current_user").FirstAsync<bool>(connection, CancellationToken.None);
        Console.WriteLine($"database        {database.Description}: {version}");
        Console.WriteLine($"accounts        {accounts}");
        Console.WriteLine($"row security    {(bypass ? "NOT in force: the role may go around it" : "in force")}");
        Console.WriteLine($"data directory  {Path.GetFullPath(configuration["Millrace:DataDirectory"] ?? "./data")}");
        Console.WriteLine($"public address  {configuration["Millrace:PublicUrl"] ?? "the first listening address"}");
        Console.WriteLine($"roles           {configuration["Millrace:Roles"] ?? "web,worker"}");
        Console.WriteLine($"mail            {(configuration["Millrace:Smtp:Url"] is null ? "built-in catcher, unless set in the settings" : "SMTP")}");
        Console.WriteLine($"geography       {app.Services.GetRequiredService<IGeography>().Description}");
        Console.WriteLine($"API limit       {configuration["Millrace:Api:RequestsPerSecond"] ?? "100"} requests a second and account");
        return bypass ? 1 : 0;
    }
}
