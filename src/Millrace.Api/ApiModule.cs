using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Api.Access;
using Millrace.Api.Resources;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Api;

/// <summary>The dialect of API v3: envelope, ids as strings, paging, filters, errors, token auth, rate limit. Its resources stand in the modules that own the data.</summary>
public sealed class ApiModule : IModule
{
    public static string Name => "api";

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<V3Resources>();
        builder.Services.AddKeyedSingleton<ISurfaceGate, V3Gate>("v3");
    }
}
