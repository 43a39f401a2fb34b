using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Time;

namespace Millrace.Product.Tests.Journeys;

/// <summary>The demo account begins in the past; a server that starts after a demo was interrupted lives in the present again.</summary>
public class Virtual_time_that_lies_behind(TestKit.Product product) : IClassFixture<TestKit.Product>
{
    [Fact]
    public async Task Is_left_and_time_moved_forward_stays()
    {
        var (clock, start, cancelled) = (product.Services.GetRequiredService<ClockSynchroniser>(), product.Now, TestContext.Current.CancellationToken);

        await clock.AdvanceAsync(TimeSpan.FromDays(-40), cancelled);
        Assert.InRange(product.Now, start.AddDays(-40), start.AddDays(-39));
        await clock.LeaveThePastAsync(cancelled);
        Assert.InRange(product.Now, start, start.AddHours(1));

        await clock.AdvanceAsync(TimeSpan.FromDays(3), cancelled);
        await clock.LeaveThePastAsync(cancelled);
        Assert.InRange(product.Now, start.AddDays(3), start.AddDays(4));
    }
}
