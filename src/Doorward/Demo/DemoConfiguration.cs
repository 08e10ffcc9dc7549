using System.Text;

namespace Doorward.Demo;

/// <summary>The demo's configuration: an ordinary file, to read and to start one's own from.</summary>
internal static class DemoConfiguration
{
    public static string Text(DemoPlan plan, StateFolder state, DevelopmentAuthority? authority)
    {
        var text = new StringBuilder();
        text.Append($$"""
            # The configuration of «doorward demo», which writes it anew at each start: copy it to keep a change.
            # Try it:  doorward check {{state.ConfigurationFile}}

            url: {{Origin(plan.Door)}}
            listeners:
              {{(plan.Http ? "insecure_http" : "https")}}: 127.0.0.1:{{plan.DoorPort}}
              health: 127.0.0.1:{{plan.HealthPort}}

            """);
        if (authority is not null)
        {
            text.Append($$"""
                certificates:
                  - cert: {{Quoted(authority.CertificateFile)}}
                    key: {{Quoted(authority.KeyFile)}}

                """);
        }
        text.Append($$"""
            store:
              sqlite: {{Quoted(state.StoreFile)}}
            root_key_file: {{Quoted(state.At("root.key"))}}

            identity_providers:
              - name: practice
                title: the practice identity provider
                issuer: {{plan.Idp.AbsoluteUri}}
                client_id: {{DemoPlan.ClientId}}
                client_secret_file: {{Quoted(state.At("client.secret"))}}
                scopes: [openid, profile, email, offline_access]
                # The token says on which device somebody signed in; in which groups they are, the directory below tells.
                device_claim: deviceid

            """);
        if (authority is not null) text.Append($"    ca_file: {Quoted(authority.AuthorityFile)}\n");
        text.Append($$"""

            # The practice provider tells at once what is changed on its page: as a directory, and as a transmitter of security events.
            scim:
              - name: practice
                provider: practice
                token_file: {{Quoted(state.At("directory.token"))}}

            signals:
              - name: practice
                providers: [practice]
                issuer: {{plan.Idp.AbsoluteUri}}
                events: [session-revoked, device-compliance-change]

            """);
        if (authority is not null) text.Append($"    ca_file: {Quoted(authority.AuthorityFile)}\n");
        text.Append($$"""

            admins:
              allow:
                and:
                  - groups: { has: sre }

            policies:
              finance-team:
                allow:
                  and:
                    - groups: { has: finance }
              engineers-but-no-contractors:
                allow:
                  and:
                    - groups: { has: engineering }
                    - device/compliant: true
                deny:
                  or:
                    - groups: { has: contractors }

            routes:
              - name: Hello
                description: Open to everybody, signed in or not
                from: {{Origin(plan.App(DemoHosts.Hello))}}
                to: http://127.0.0.1:{{plan.AppPort}}
                allow_public_unauthenticated_access: true

              - name: App
                description: Open to whoever is signed in
                from: {{Origin(plan.App(DemoHosts.App))}}
                to: http://127.0.0.1:{{plan.AppPort}}
                allow_any_authenticated_user: true
                allow_websockets: true
                idle_timeout: 1h

              - name: Finance
                description: Open to the group finance
                from: {{Origin(plan.App(DemoHosts.Finance))}}
                to: http://127.0.0.1:{{plan.AppPort}}
                policy: finance-team
                show_error_details: true

              - name: Clocks
                description: A WebSocket and an event stream, open to engineers who are no contractors, on a device in order
                from: {{Origin(plan.App(DemoHosts.Clock))}}
                to: http://127.0.0.1:{{plan.AppPort}}
                policy: engineers-but-no-contractors
                show_error_details: true
                allow_websockets: true
                idle_timeout: 1h

            """);
        return text.ToString();
    }

    private static string Origin(Uri url) => url.GetLeftPart(UriPartial.Authority);

    // YAML's single quotes know one escape: the quote itself.
    private static string Quoted(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
