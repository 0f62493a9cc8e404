#!/bin/sh
# Rings up the sales of "ecrbridge certify" with till.py, which lies beside it:
#     ecrbridge certify --port 9100 --run ./certify-till.sh
set -eu
till() { python3 "$(dirname "$0")/till.py" "$ECR_BRIDGE" "$@"; }

case $ECR_CASE in
    refund) till "$ECR_ORDER" "$ECR_AMOUNT" --refund "$ECR_OF" ;;
    cancel) till "$ECR_ORDER" "$ECR_AMOUNT" --cancel-after 1 ;;
    repeat)
        till "$ECR_ORDER" "$ECR_AMOUNT"
        sleep 0.3
        till "$ECR_ORDER" "$ECR_AMOUNT"
        ;;
    *) till "$ECR_ORDER" "$ECR_AMOUNT" ;;
esac
