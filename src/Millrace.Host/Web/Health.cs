using Millrace.Kernel.Data;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Host.Web;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: migrated and connected. Nothing else is told.</summary>
internal static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", static () => Results.Text("ok")).AllowAnonymous();
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource database, ProductClock clock, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await Sql.Of($"select 1 from kernel.migration limit 1").FirstAsync<int>(connection, cancellationToken);
            return clock.IsTrusted ? Results.Text("ok") : Results.Text("busy", statusCode: 503);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return Results.Text("busy", statusCode: 503);
        }
    }
}
