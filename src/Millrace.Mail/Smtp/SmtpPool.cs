using System.Collections.Concurrent;

namespace Millrace.Mail.Smtp;

/// <summary>At most N connections to one endpoint. Idle ones are closed after the options' idle time.</summary>
public sealed class SmtpPool : IAsyncDisposable
{
    private readonly ConcurrentStack<SmtpConnection> _idle = [];
    private readonly SemaphoreSlim _slots;
    private readonly SmtpClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly ITimer _sweep;
    private volatile bool _closed;

    public SmtpPool(SmtpEndpoint endpoint, int size, SmtpClientOptions options, TimeProvider clock)
    {
        (Endpoint, _options, _clock) = (endpoint, options, clock);
        _slots = new SemaphoreSlim(size, size);
        _sweep = clock.CreateTimer(_ => _ = CloseExpiredAsync(), null, options.MaxIdle / 2, options.MaxIdle / 2);
    }

    public SmtpEndpoint Endpoint { get; }

    /// <summary>Connections waiting for work.</summary>
    public int Idle => _idle.Count;

    /// <summary>
    /// Waits for a free place, then takes an idle connection or opens one. A connection that comes back must be given to
    /// <see cref="ReturnAsync"/>; a failure holds no place.
    /// </summary>
    public async Task<SmtpOpening> RentAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        await _slots.WaitAsync(cancellationToken);
        var rented = false;
        try
        {
            while (_idle.TryPop(out var connection))
            {
                if (connection.IsReusable)
                {
                    rented = true;
                    return new SmtpOpening(connection, null);
                }

                await connection.DisposeAsync();
            }

            var opening = await SmtpConnection.OpenAsync(Endpoint, _options, _clock, cancellationToken);
            rented = opening.Connection is not null;
            return opening;
        }
        finally
        {
            if (!rented)
            {
                _slots.Release();
            }
        }
    }

    /// <summary>Gives the place back; closes the connection when it is not fit for another message.</summary>
    public async ValueTask ReturnAsync(SmtpConnection connection)
    {
        if (!_closed && connection.IsReusable)
        {
            _idle.Push(connection);
        }
        else
        {
            await connection.DisposeAsync();
        }

        _slots.Release();
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        await _sweep.DisposeAsync();
        while (_idle.TryPop(out var connection))
        {
            await connection.DisposeAsync();
        }
    }

    private async Task CloseExpiredAsync()
    {
        // Newest first, as the stack gives them; the sound ones go back in their order.
        var keep = new Stack<SmtpConnection>();
        while (_idle.TryPop(out var connection))
        {
            if (connection.IsReusable)
            {
                keep.Push(connection);
            }
            else
            {
                await connection.DisposeAsync();
            }
        }

        while (keep.TryPop(out var connection))
        {
            _idle.Push(connection);
        }
    }
}
