namespace Millrace.Kernel.Workers;

/// <summary>A background pass over all accounts: idempotent, bounded, one transaction. The loop around it belongs to the kernel; tests call it themselves.</summary>
public interface IWorkerPass
{
    /// <returns>Rows changed; zero means idle, so the loop sleeps.</returns>
    Task<int> RunOnceAsync(CancellationToken cancellationToken);

    /// <summary>Gives up what this process has claimed, so that another goes on at once. Called when the process stops gracefully; a crash is what leases are for.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
