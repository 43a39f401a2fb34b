using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Api.Resources;

/// <summary>One call of <c>/api/3</c>: who asks, what is asked, and the frame of reading and changing. Handlers take it as a parameter.</summary>
public sealed class V3Call
{
    private readonly NpgsqlDataSource _database;
    private readonly IActivityLog _activities;

    private V3Call(HttpContext context)
    {
        (Request, CancellationToken) = (context.Request, context.RequestAborted);
        Account = context.RequestServices.GetRequiredService<CurrentAccount>();
        Resources = context.RequestServices.GetRequiredService<V3Resources>();
        _database = context.RequestServices.GetRequiredService<NpgsqlDataSource>();
        _activities = context.RequestServices.GetRequiredService<IActivityLog>();
    }

    public HttpRequest Request { get; }

    public CurrentAccount Account { get; }

    public V3Resources Resources { get; }

    /// <summary>Ends when the caller hangs up.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>How minimal APIs make one.</summary>
    public static ValueTask<V3Call?> BindAsync(HttpContext context) => ValueTask.FromResult<V3Call?>(new V3Call(context));

    public TResource Resource<TResource>()
        where TResource : V3Resource => Resources.Get<TResource>();

    /// <inheritdoc cref="V3Body.ReadAsync{T}(HttpRequest, string?, CancellationToken, int)"/>
    public Task<T> BodyAsync<T>(string? wrapper) => V3Body.ReadAsync<T>(Request, wrapper, CancellationToken);

    /// <summary>Reads in one transaction that sees this account only.</summary>
    public async Task<V3Result> ReadAsync(Func<AccountTransaction, Task<V3Result>> read)
    {
        await using var work = await AccountTransaction.BeginAsync(_database, Account.Id, CancellationToken);
        return await read(work);
    }

    /// <summary>Changes in one transaction, commits, and tells the reactor. What throws changes nothing.</summary>
    public async Task<V3Result> ChangeAsync(Func<AccountTransaction, Task<V3Result>> change)
    {
        await using var work = await AccountTransaction.BeginAsync(_database, Account.Id, CancellationToken);
        var result = await change(work);
        await work.CommitAsync(CancellationToken);
        _activities.Wake();
        return result;
    }

    /// <summary><c>cdate</c>, <c>udate</c> ...: ISO 8601 in the account's zone.</summary>
    public string? Iso(DateTimeOffset? instant) => V3Time.Iso(instant, Account.TimeZone);

    /// <summary><c>created_timestamp</c> ...: <c>YYYY-MM-DD HH:MM:SS</c> in the account's zone.</summary>
    public string? Plain(DateTimeOffset? instant) => V3Time.Plain(instant, Account.TimeZone);
}
