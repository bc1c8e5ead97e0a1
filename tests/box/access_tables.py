"""Who may do what, as posthog-api.md 2.6 and its neighbours say it: one status per profile, action and credential.

An action that a profile lacks is 404 for everybody; behind a flag that is off it is 404 for those who might use it.
"""

from __future__ import annotations

TABLES = """
cloud                 full read_only no_query one_project expired unscoped oauth session
list                   200       200      200         200     401      200   200     200
create                 201       403      201         201     401      201   201     201
retrieve               200       200      200         200     401      200   200     200
update                 200       403      200         200     401      200   200     200
partial update         200       403      200         200     401      200   200     200
destroy                405       405      405         405     401      405   405     405
markdown               200       200      200         200     401      200   200     200
activity one           200       200      200         200     401      200   200     200
activity all           403       403      403         403     401      403   403     200
recording comments     403       403      403         403     401      403   403     200
collab save            400       403      400         400     401      400   400     400
collab markdown save   400       403      400         400     401      400   400     400
collab presence        204       403      204         204     401      204   204     204
collab stream          200       200      200         200     401      200   200     200
kernel start           403       403      403         403     401      403   403     200
kernel restart         403       403      403         403     401      403   403     200
kernel execute         403       403      403         403     401      403   403     200
kernel stop            403       403      403         403     401      403   403     200
kernel status          200       200      200         200     401      200   200     200
kernel config          200       403      200         200     401      200   200     200
compute options        200       200      200         200     401      200   200     200
kernel complete        200       403      200         200     401      200   200     200
kernel inspect         200       403      200         200     401      200   200     200
cell run               400       403      403         400     401      400   400     400
cell run status        200       200      403         200     401      200   200     200
cell run page          400       400      403         400     401      400   400     400
cell run interrupt     200       403      200         200     401      200   200     200
state                  200       200      403         200     401      200   200     200
whole run start        400       403      403         400     401      400   400     400
whole run status       200       200      403         200     401      200   200     200
whole run interrupt    200       403      200         200     401      200   200     200
execute stream         404       404      404         404     404      404   404     404
dataframe              404       404      404         404     404      404   404     404
hogql execute          404       404      404         404     404      404   404     404
query                  400       400      403         400     401      400   400     400
me                     200       200      200         200     401      200   200     200
current key            200       200      200         200     401      200   404     404
projects               200       200      200         403     401      200   200     200
project                200       200      200         200     401      200   200     200
organizations          200       200      200         403     401      200   200     200
sharing                404       404      404         404     404      404   404     404
widgets                404       404      404         404     404      404   404     404

flag-off              full read_only no_query one_project expired unscoped oauth session
list                   200       200      200         200     401      200   200     200
create                 201       403      201         201     401      201   201     201
retrieve               200       200      200         200     401      200   200     200
update                 200       403      200         200     401      200   200     200
partial update         200       403      200         200     401      200   200     200
destroy                405       405      405         405     401      405   405     405
markdown               200       200      200         200     401      200   200     200
activity one           200       200      200         200     401      200   200     200
activity all           403       403      403         403     401      403   403     200
recording comments     403       403      403         403     401      403   403     200
collab save            400       403      400         400     401      400   400     400
collab markdown save   400       403      400         400     401      400   400     400
collab presence        204       403      204         204     401      204   204     204
collab stream          200       200      200         200     401      200   200     200
kernel start           403       403      403         403     401      403   403     200
kernel restart         403       403      403         403     401      403   403     200
kernel execute         403       403      403         403     401      403   403     200
kernel stop            403       403      403         403     401      403   403     200
kernel status          200       200      200         200     401      200   200     200
kernel config          200       403      200         200     401      200   200     200
compute options        200       200      200         200     401      200   200     200
kernel complete        200       403      200         200     401      200   200     200
kernel inspect         200       403      200         200     401      200   200     200
cell run               404       403      403         404     401      404   404     404
cell run status        404       404      403         404     401      404   404     404
cell run page          404       404      403         404     401      404   404     404
cell run interrupt     404       403      404         404     401      404   404     404
state                  404       404      403         404     401      404   404     404
whole run start        404       403      403         404     401      404   404     404
whole run status       404       404      403         404     401      404   404     404
whole run interrupt    404       403      404         404     401      404   404     404
execute stream         404       404      404         404     404      404   404     404
dataframe              404       404      404         404     404      404   404     404
hogql execute          404       404      404         404     404      404   404     404
query                  400       400      403         400     401      400   400     400
me                     200       200      200         200     401      200   200     200
current key            200       200      200         200     401      200   404     404
projects               200       200      200         403     401      200   200     200
project                200       200      200         200     401      200   200     200
organizations          200       200      200         403     401      200   200     200
sharing                404       404      404         404     404      404   404     404
widgets                404       404      404         404     404      404   404     404

legacy                full read_only no_query one_project expired unscoped oauth session
list                   200       200      200         200     401      200   200     200
create                 201       403      201         201     401      201   201     201
retrieve               200       200      200         200     401      200   200     200
update                 200       403      200         200     401      200   200     200
partial update         200       403      200         200     401      200   200     200
destroy                405       405      405         405     401      405   405     405
markdown               404       404      404         404     404      404   404     404
activity one           200       200      200         200     401      200   200     200
activity all           403       403      403         403     401      200   403     200
recording comments     403       403      403         403     401      200   403     200
collab save            400       403      400         400     401      400   400     400
collab markdown save   404       404      404         404     404      404   404     404
collab presence        404       404      404         404     404      404   404     404
collab stream          200       200      200         200     401      200   200     200
kernel start           403       403      403         403     401      200   403     200
kernel restart         403       403      403         403     401      200   403     200
kernel execute         403       403      403         403     401      200   403     200
kernel stop            403       403      403         403     401      200   403     200
kernel status          403       403      403         403     401      200   403     200
kernel config          403       403      403         403     401      200   403     200
compute options        404       404      404         404     404      404   404     404
kernel complete        404       404      404         404     404      404   404     404
kernel inspect         404       404      404         404     404      404   404     404
cell run               404       404      404         404     404      404   404     404
cell run status        404       404      404         404     404      404   404     404
cell run page          404       404      404         404     404      404   404     404
cell run interrupt     404       404      404         404     404      404   404     404
state                  404       404      404         404     404      404   404     404
whole run start        404       404      404         404     404      404   404     404
whole run status       404       404      404         404     404      404   404     404
whole run interrupt    404       404      404         404     404      404   404     404
execute stream         403       403      403         403     401      200   403     200
dataframe              403       403      403         403     401      400   403     400
hogql execute          403       403      403         403     401      400   403     400
query                  400       400      403         400     401      400   400     400
me                     200       200      200         200     401      200   200     200
current key            404       404      404         404     404      404   404     404
projects               200       200      200         403     401      200   200     200
project                200       200      200         200     401      200   200     200
organizations          200       200      200         403     401      200   200     200
sharing                404       404      404         404     404      404   404     404
widgets                404       404      404         404     404      404   404     404
"""


def cells() -> list[tuple[str, str, str, int]]:
    """Return profile, action, credential and status of every cell."""
    found: list[tuple[str, str, str, int]] = []
    for table in TABLES.strip().split("\n\n"):
        header, *rows = table.splitlines()
        profile, *credentials = header.split()
        for row in rows:
            action, statuses = row[:22].strip(), row[22:].split()
            found += [(profile, action, name, int(status)) for name, status in zip(credentials, statuses, strict=True)]
    return found
