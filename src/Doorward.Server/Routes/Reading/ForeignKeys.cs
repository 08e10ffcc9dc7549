using System.Collections.Frozen;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Routes.Reading;

/// <summary>Keys that people bring along from Pomerium, and what stands for them here. Those that mean the same have the same name, and are not listed.</summary>
internal static class ForeignKeys
{
    private static readonly FrozenDictionary<string, string> OfServer = new Dictionary<string, string>
    {
        ["authenticate_service_url"] = "Write «url»: Doorward's own address.",
        ["address"] = "Write «listeners: { https: ... }».",
        ["insecure_server"] = "Write «listeners: { insecure_http: ... }».",
        ["http_redirect_addr"] = "Write «listeners: { http_redirect: ... }».",
        ["health_check_addr"] = "Write «listeners: { health: ... }».",
        ["metrics_address"] = "Write «listeners: { metrics: ... }».",
        ["shared_secret"] = "Write «root_key_file».",
        ["shared_secret_file"] = "Write «root_key_file».",
        ["cookie_secret"] = "Leave it out: keys are made from «root_key_file» and rotate by themselves.",
        ["signing_key"] = "Leave it out: keys are made, published and rotated by the server.",
        ["signing_key_file"] = "Leave it out: keys are made, published and rotated by the server.",
        ["cookie_expire"] = "Write «session: { absolute: 14h }».",
        ["xff_num_trusted_hops"] = "Write «trusted_proxies»: the networks that proxies in front stand in.",
        ["certificate"] = "Write «certificates: [ { cert: FILE, key: FILE } ]».",
        ["certificate_file"] = "Write «certificates: [ { cert: FILE, key: FILE } ]».",
        ["log_level"] = "Write «log: { level: info }».",
        ["databroker_storage_type"] = "Write «store: { sqlite: PATH }» or «store: { postgres: CONNECTION }».",
        ["databroker_storage_connection_string"] = "Write «store: { postgres: CONNECTION }».",
        ["idp_provider"] = "Write «identity_providers: [ { name: NAME, preset: PRESET, ... } ]».",
        ["idp_provider_url"] = "Write «issuer» of an entry of «identity_providers».",
        ["idp_client_id"] = "Write «client_id» of an entry of «identity_providers».",
        ["idp_client_secret"] = "Write «client_secret_file» of an entry of «identity_providers».",
        ["idp_scopes"] = "Write «scopes» of an entry of «identity_providers».",
        ["policy"] = "Write «routes» for routes and «policies» for named policies.",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> OfRoute = new Dictionary<string, string>
    {
        ["regex_priority_order"] = "Leave it out: regular expressions are tried in the order of the file.",
        ["tls_server_name"] = "Write «tls_upstream_server_name».",
        ["jwt_groups_filter"] = "Write «assertion_groups».",
        ["allowed_groups"] = "Write a policy: { allow: { or: [ { groups: { has: NAME } } ] } }",
        ["healthy_panic_threshold"] = "Leave it out: with no healthy destination, requests get 503.",
        ["tls_downstream_client_ca"] = "Write «downstream_mtls: { hosts: [ ... ] }».",
        ["tls_downstream_client_ca_file"] = "Write «downstream_mtls: { hosts: [ ... ] }».",
    }.ToFrozenDictionary();

    public static string? CureFor(Type section, string key) =>
        (section == typeof(RouteOptions) ? OfRoute : section == typeof(ConfigurationOptions) ? OfServer : FrozenDictionary<string, string>.Empty)
        .GetValueOrDefault(key);
}
